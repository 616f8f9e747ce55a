import { ageStage } from '../../domain/age.ts'
import { NO_CONDITIONS } from '../../domain/conditions.ts'
import { builder } from '../builder.ts'
import { parseId } from '../input.ts'
import { Pet, Recommendations } from '../refs.ts'
import { visiblePet } from '../visible-pet.ts'
import { AgeStage, Allergen, HealthConcern, Sex, Species } from './enums.ts'
import { recommendationsOf } from './recommendations.ts'

Pet.implement({
  description: 'A pet and all that a recommendation depends on.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUID.' }),
    name: t.exposeString('name', { description: "Unique among its owner's pets." }),
    species: t.expose('species', { type: Species, description: 'Dog or cat.' }),
    breedCode: t.exposeString('breedCode', { nullable: true, description: 'Such as LABRADOR_RETRIEVER; null where unknown.' }),
    sex: t.expose('sex', { type: Sex, description: 'UNKNOWN until told.' }),
    isNeutered: t.exposeBoolean('isNeutered', { nullable: true, description: 'Null where unknown.' }),
    birthdate: t.expose('birthdate', { type: 'Date', nullable: true, description: 'Null where only an approximate age is known.' }),
    approxAgeMonths: t.exposeInt('approxAgeMonths', { nullable: true, description: 'In months, as it was told; null where the birthdate is known.' }),
    ageStage: t.field({
      type: AgeStage,
      description: 'From its age today.',
      resolve: (pet, _args, { services, coverage }) => {
        coverage.today()
        return ageStage(pet, new Date(services.now()).toISOString().slice(0, 10))
      },
    }),
    weightKg: t.exposeFloat('weightKg', { description: 'Kilograms, 0.1 to 150.' }),
    bodyConditionScore: t.exposeInt('bodyConditionScore', { description: '1 (emaciated) to 9 (obese); 4 to 5 is ideal.' }),
    healthConcerns: t.expose('healthConcerns', { type: [HealthConcern], description: 'What its food should help with.' }),
    foodAllergies: t.expose('foodAllergies', { type: [Allergen], description: 'Foods with any of these are never recommended.' }),
    otherAllergies: t.exposeString('otherAllergies', {
      nullable: true,
      description: 'Other ingredients, in words. Foods whose ingredients hold one of them as a word are never recommended.',
    }),
    photoUrl: t.exposeString('photoUrl', { nullable: true, description: 'An http or https URL.' }),
    isPrimary: t.exposeBoolean('isPrimary', { description: "Whether it is its owner's primary pet." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was entered.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it, its concerns, its allergies or its owner\'s preferences last changed.' }),
    recommendations: t.field({
      type: Recommendations,
      description: 'The foods that suit it. All pets of one operation are answered together.',
      resolve: ({ id }, _args, context) => recommendationsOf(id, NO_CONDITIONS, context),
    }),
  }),
})

builder.queryField('pet', (t) =>
  t.field({
    type: Pet,
    nullable: true,
    description: "A pet of the viewer's; admins may ask for any. Another's pet is NOT_FOUND.",
    args: { id: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: (_root, { id }, context) => visiblePet(parseId(id, 'id'), context),
  }),
)
