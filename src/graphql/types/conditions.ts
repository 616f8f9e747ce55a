import { z } from 'zod'
import { HEALTH_CONCERNS } from '../../domain/codes.ts'
import { NO_CONDITIONS } from '../../domain/conditions.ts'
import type { Conditions } from '../../domain/pet.ts'
import { builder } from '../builder.ts'
import { codeList, parseInput } from '../input.ts'
import { HealthConcern } from './enums.ts'

export const RecommendationConditionsInput = builder.inputType('RecommendationConditionsInput', {
  description: 'What the viewer asks for this once. Each distinct set of conditions is cached on its own and never mixes with another.',
  fields: (t) => ({
    minDailyAmountG: t.int({ description: 'Grams a day, at least.' }),
    maxDailyAmountG: t.int({ description: 'Grams a day, at most.' }),
    maxMonthlyBudget: t.int({ description: 'KRW a month.' }),
    emphasizedConcerns: t.field({ type: [HealthConcern], description: "These stand in for the pet's own concerns, and count double." }),
    healthConcernPriority: t.boolean({ description: "Stands in for the owner's preference of the same name." }),
  }),
})

const gramsADay = z.int().min(1, 'Expected 1 g or more.').max(20_000, 'Expected 20,000 g or less.').nullish().default(null)

const schema = z
  .object({
    minDailyAmountG: gramsADay,
    maxDailyAmountG: gramsADay,
    maxMonthlyBudget: z.int().min(1, 'Expected 1 KRW or more.').nullish().default(null),
    emphasizedConcerns: codeList(HEALTH_CONCERNS).nullish().default(null),
    healthConcernPriority: z.boolean().nullish().default(null),
  })
  .refine(({ minDailyAmountG: min, maxDailyAmountG: max }) => min === null || max === null || min <= max, {
    path: ['minDailyAmountG'],
    message: 'Expected no more than maxDailyAmountG.',
  })

/** Throws BAD_USER_INPUT. */
export function parseConditions(input: unknown): Conditions {
  if (input === null || input === undefined) return NO_CONDITIONS
  const { minDailyAmountG, maxDailyAmountG, maxMonthlyBudget, emphasizedConcerns, healthConcernPriority } = parseInput(schema, input, 'conditions')
  return { minDailyAmountG, maxDailyAmountG, maxMonthlyBudget, emphasizedConcerns, healthConcernPriority }
}
