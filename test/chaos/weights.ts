import { energyRequirementKcal } from '../../src/domain/scoring/daily-amount.ts'

/** The states of a pet are told from outside: the daily amount of its foods follows its weight. */
const FIRST_KG = 3
const STEP = 1.005
const COUNT = 600
const COUNT_OF_COPY = 180

/** Kilograms; any two of them differ by more than the rounding of an amount to 0.1 g can hide. */
const ALL: readonly number[] = Array.from({ length: COUNT + COUNT_OF_COPY }, (_, i) => Math.round(FIRST_KG * STEP ** i * 1_000) / 1_000)

export const WEIGHTS = ALL.slice(0, COUNT)
/** Those of the same pets in the copy of the database: by its weight an answer says which of the two it is of. */
export const WEIGHTS_OF_COPY = ALL.slice(COUNT)

export const isOfCopy = (weightKg: number | null): boolean => weightKg !== null && WEIGHTS_OF_COPY.includes(weightKg)

const KCAL = ALL.map((weightKg) => energyRequirementKcal({ species: 'DOG', ageStage: 'ADULT', isNeutered: true, weightKg }))

export type ShownItem = { dailyAmountG: number | null; product: { nutrition: { kcalPer100g: number | null } | null } }

/** The weight that an answer was made for. Throws where its items fit none of ours: then the checker itself is wrong. */
export function weightShown(items: readonly ShownItem[]): number {
  const known = items.flatMap(({ dailyAmountG, product: { nutrition } }) =>
    dailyAmountG === null || nutrition?.kcalPer100g == null ? [] : [{ grams: dailyAmountG, kcal: (dailyAmountG * nutrition.kcalPer100g) / 100 }],
  )
  const largest = known.toSorted((x, y) => y.grams - x.grams)[0]
  if (largest === undefined) throw new Error('an answer without a food whose energy is known')
  const errors = KCAL.map((kcal) => Math.abs(kcal - largest.kcal) / kcal)
  const best = errors.indexOf(Math.min(...errors))
  const weightKg = ALL[best]
  if (weightKg === undefined || (errors[best] ?? 1) > 0.5 / 10 / largest.grams + 0.0005) throw new Error(`an answer that fits no weight: ${largest.grams} g`)
  return weightKg
}
