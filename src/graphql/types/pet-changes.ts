import type { PetChange } from '../../db/pets.ts'
import { MOST_PETS, type Pet as PetValue } from '../../domain/pet.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { parseId } from '../input.ts'
import { parseNewPet, parsePetPatch } from '../pet-input.ts'
import { Pet } from '../refs.ts'
import { userDeleted } from '../user-deleted.ts'
import { viewerOf } from '../viewer-of.ts'
import { Allergen, HealthConcern, RedisInvalidation, Sex, Species } from './enums.ts'

type Invalidation = 'CLEARED' | 'QUEUED'
type Changed = { pet: PetValue; invalidation: Invalidation }

const invalidationField = 'Whether the caches were told before this answer.'

const CreatePetInput = builder.inputType('CreatePetInput', {
  description: 'A new pet.',
  fields: (t) => ({
    name: t.string({ required: true, description: "Unique among the viewer's pets; 50 characters at most." }),
    species: t.field({ type: Species, required: true, description: 'Dog or cat.' }),
    breedCode: t.string({ description: 'Such as LABRADOR_RETRIEVER.' }),
    sex: t.field({ type: Sex, description: 'Left out: UNKNOWN.' }),
    isNeutered: t.boolean({ description: 'Left out: unknown.' }),
    birthdate: t.field({ type: 'Date', description: 'Exactly one of birthdate and approxAgeMonths.' }),
    approxAgeMonths: t.int({ description: 'Exactly one of birthdate and approxAgeMonths; 0 to 480.' }),
    weightKg: t.float({ required: true, description: 'Kilograms, 0.1 to 150.' }),
    bodyConditionScore: t.int({ description: '1 (emaciated) to 9 (obese). Left out: 5.' }),
    healthConcerns: t.field({ type: [HealthConcern], description: 'What its food should help with.' }),
    foodAllergies: t.field({ type: [Allergen], description: 'Foods with any of these are never recommended.' }),
    otherAllergies: t.string({ description: 'Other ingredients, in words; 500 characters at most.' }),
    photoUrl: t.string({ description: 'An http or https URL.' }),
    isPrimary: t.boolean({ description: 'Left out: true for the first pet.' }),
  }),
})

const UpdatePetInput = builder.inputType('UpdatePetInput', {
  description: 'A field left out stays; null clears it where it can be empty.',
  fields: (t) => ({
    petId: t.id({ required: true, description: 'A UUID.' }),
    name: t.string({ description: "Unique among the owner's pets; 50 characters at most." }),
    breedCode: t.string({ description: 'Such as LABRADOR_RETRIEVER.' }),
    sex: t.field({ type: Sex, description: 'Its sex.' }),
    isNeutered: t.boolean({ description: 'Null: unknown.' }),
    birthdate: t.field({ type: 'Date', description: 'Takes the place of an approximate age.' }),
    approxAgeMonths: t.int({ description: 'Takes the place of a birthdate; 0 to 480.' }),
    weightKg: t.float({ description: 'Kilograms, 0.1 to 150.' }),
    bodyConditionScore: t.int({ description: '1 (emaciated) to 9 (obese).' }),
    healthConcerns: t.field({ type: [HealthConcern], description: 'All of them: the list takes the place of the one before.' }),
    foodAllergies: t.field({ type: [Allergen], description: 'All of them: the list takes the place of the one before.' }),
    otherAllergies: t.string({ description: 'Other ingredients, in words; 500 characters at most.' }),
    photoUrl: t.string({ description: 'An http or https URL.' }),
  }),
})

const CreatePetPayload = builder.objectRef<{ pet: PetValue }>('CreatePetPayload').implement({
  description: 'The new pet.',
  fields: (t) => ({ pet: t.field({ type: Pet, description: 'As stored.', resolve: ({ pet }) => pet }) }),
})
const UpdatePetPayload = builder.objectRef<Changed>('UpdatePetPayload').implement({
  description: 'The changed pet.',
  fields: (t) => ({
    pet: t.field({ type: Pet, description: 'As stored.', resolve: ({ pet }) => pet }),
    invalidation: t.expose('invalidation', { type: RedisInvalidation, description: invalidationField }),
  }),
})
const DeletePetPayload = builder.objectRef<{ petId: string; invalidation: Invalidation }>('DeletePetPayload').implement({
  description: 'What was deleted.',
  fields: (t) => ({
    petId: t.exposeID('petId', { description: 'Of the pet that is gone.' }),
    invalidation: t.expose('invalidation', { type: RedisInvalidation, description: invalidationField }),
  }),
})
const SetPrimaryPetPayload = builder.objectRef<{ pet: PetValue }>('SetPrimaryPetPayload').implement({
  description: 'The primary pet.',
  fields: (t) => ({ pet: t.field({ type: Pet, description: 'As stored.', resolve: ({ pet }) => pet }) }),
})

/** After the commit: tell the cache, and forget what this request read before. */
async function finish(change: PetChange, context: GatewayContext): Promise<Changed> {
  if (change.kind === 'not-found') throw notFound('pet')
  if (change.kind === 'name-taken') throw conflict('Another pet of the same owner has this name.')
  if (change.kind === 'too-many') throw conflict(`Nobody can have more than ${MOST_PETS} pets.`)
  if (change.kind === 'user-deleted') throw userDeleted(context)
  const { invalidation } = await context.services.afterCommit(change.entries)
  context.loaders.forget()
  return { pet: change.pet, invalidation }
}

builder.mutationFields((t) => ({
  createPet: t.field({
    type: CreatePetPayload,
    description: `Enters a pet of the viewer's, who may have ${MOST_PETS}. The first one is the primary pet unless \`isPrimary\` is false.`,
    args: { input: t.arg({ type: CreatePetInput, required: true, description: 'The pet.' }) },
    resolve: async (_root, { input }, context) => {
      const { species, fields, isPrimary } = parseNewPet(input, context.services.now())
      return finish(await context.services.pets.createPet(viewerOf(context).userId, species, fields, isPrimary), context)
    },
  }),
  updatePet: t.field({
    type: UpdatePetPayload,
    description: 'Changes a pet; the very next answer knows it.',
    args: { input: t.arg({ type: UpdatePetInput, required: true, description: 'What changes.' }) },
    resolve: async (_root, { input: { petId, ...patch } }, context) => {
      const id = parseId(petId, 'input.petId')
      return finish(await context.services.pets.updatePet(viewerOf(context), id, parsePetPatch(patch, context.services.now())), context)
    },
  }),
  deletePet: t.field({
    type: DeletePetPayload,
    description: 'Deletes a pet with its runs. If it was the primary pet, the oldest one left becomes it.',
    args: { petId: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: async (_root, args, context) => {
      const petId = parseId(args.petId, 'petId')
      const outcome = await context.services.pets.deletePet(viewerOf(context), petId)
      if (outcome.kind === 'not-found') throw notFound('pet')
      const { invalidation } = await context.services.afterCommit(outcome.entries)
      context.loaders.forget()
      return { petId, invalidation }
    },
  }),
  setPrimaryPet: t.field({
    type: SetPrimaryPetPayload,
    description: 'Makes a pet the primary one of its owner.',
    args: { petId: t.arg.id({ required: true, description: 'A UUID.' }) },
    resolve: async (_root, args, context) =>
      finish(await context.services.pets.setPrimaryPet(viewerOf(context), parseId(args.petId, 'petId')), context),
  }),
}))
