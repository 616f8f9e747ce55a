import { z } from 'zod'
import { ALLERGENS, SORT_PREFERENCES, WEIGHTS_PRESETS } from '../../domain/codes.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../domain/pet.ts'
import { builder } from '../builder.ts'
import { codeList, distinct, humanText, parseInput } from '../input.ts'
import { userDeleted } from '../user-deleted.ts'
import { viewerOf } from '../viewer-of.ts'
import { Allergen, RedisInvalidation, SortPreference, WeightsPreset } from './enums.ts'

const softAvoid = 'Ingredients the owner would rather avoid, in words. Foods with one lose points.'

export const RecommendationPreferences = builder.objectRef<Preferences>('RecommendationPreferences').implement({
  description: 'What the viewer prefers for all their pets.',
  fields: (t) => ({
    weightsPreset: t.expose('weightsPreset', { type: WeightsPreset, description: 'How safety and fitness weigh in the total.' }),
    hardExcludeAllergens: t.expose('hardExcludeAllergens', { type: [Allergen], description: 'Foods with any of these are never recommended.' }),
    softAvoidIngredients: t.exposeStringList('softAvoidIngredients', { description: softAvoid }),
    maxPricePerKg: t.exposeInt('maxPricePerKg', { nullable: true, description: 'KRW per kg. Dearer foods lose points.' }),
    sortPreference: t.expose('sortPreference', { type: SortPreference, description: 'What decides between equal totals.' }),
    healthConcernPriority: t.exposeBoolean('healthConcernPriority', { description: 'Whether health concerns weigh half as much again.' }),
  }),
})

const RecommendationPreferencesInput = builder.inputType('RecommendationPreferencesInput', {
  description: 'A field left out stays; null sets it back to its default.',
  fields: (t) => ({
    weightsPreset: t.field({ type: WeightsPreset, description: 'How safety and fitness weigh in the total.' }),
    hardExcludeAllergens: t.field({ type: [Allergen], description: 'Foods with any of these are never recommended.' }),
    softAvoidIngredients: t.stringList({ description: `${softAvoid} 50 at most, of 60 characters.` }),
    maxPricePerKg: t.int({ description: 'KRW per kg.' }),
    sortPreference: t.field({ type: SortPreference, description: 'What decides between equal totals.' }),
    healthConcernPriority: t.boolean({ description: 'Whether health concerns weigh half as much again.' }),
  }),
})

const schema = z.object({
  weightsPreset: z.enum(WEIGHTS_PRESETS).nullish(),
  hardExcludeAllergens: codeList(ALLERGENS).nullish(),
  softAvoidIngredients: z.array(humanText('An ingredient', 60)).max(50, 'Expected 50 ingredients or less.').transform(distinct).nullish(),
  maxPricePerKg: z.int().min(1, 'Expected 1 KRW or more.').nullish(),
  sortPreference: z.enum(SORT_PREFERENCES).nullish(),
  healthConcernPriority: z.boolean().nullish(),
})

const UpdatePayload = builder
  .objectRef<{ preferences: Preferences; invalidation: 'CLEARED' | 'QUEUED' }>('UpdateRecommendationPreferencesPayload')
  .implement({
    description: 'The changed preferences.',
    fields: (t) => ({
      preferences: t.field({ type: RecommendationPreferences, description: 'As stored.', resolve: ({ preferences }) => preferences }),
      invalidation: t.expose('invalidation', { type: RedisInvalidation, description: 'Whether the caches were told before this answer.' }),
    }),
  })

builder.mutationField('updateRecommendationPreferences', (t) =>
  t.field({
    type: UpdatePayload,
    description: "Changes the viewer's preferences; the next answer for each of their pets knows it.",
    args: { input: t.arg({ type: RecommendationPreferencesInput, required: true, description: 'What changes.' }) },
    resolve: async (_root, args, context) => {
      const patch = parseInput(schema, args.input, 'input')
      const change = await context.services.users.updatePreferences(viewerOf(context).userId, (current) => merge(current, patch))
      if (change.kind === 'user-deleted') throw userDeleted(context)
      const { invalidation } = await context.services.afterCommit(change.entries)
      context.loaders.forget()
      return { preferences: change.preferences, invalidation }
    },
  }),
)

function merge(current: Preferences, patch: z.output<typeof schema>): Preferences {
  const set = Object.entries(patch).filter(([, value]) => value !== undefined)
  return { ...current, ...Object.fromEntries(set.map(([name, value]) => [name, value ?? Reflect.get(DEFAULT_PREFERENCES, name)])) }
}
