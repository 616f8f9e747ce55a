import { expect, test } from 'vitest'
import { dailyAmountG, energyRequirementKcal } from '../../src/domain/scoring/daily-amount.ts'
import { isOfCopy, weightShown, WEIGHTS, WEIGHTS_OF_COPY, type ShownItem } from './weights.ts'

const ALL = [...WEIGHTS, ...WEIGHTS_OF_COPY]
const DENSITIES = [65, 90, 140, 250, 345.5, 420, 510]

const shown = (weightKg: number, kcalPer100g: number | null): ShownItem => {
  const energyKcal = energyRequirementKcal({ species: 'DOG', ageStage: 'ADULT', isNeutered: true, weightKg })
  const grams = kcalPer100g === null ? null : dailyAmountG(energyKcal, { kcalPer100g, isEstimated: false })
  return { dailyAmountG: grams, product: { nutrition: { kcalPer100g } } }
}

test('every weight is told from every other one by the amount of any food', () => {
  for (const kcal of DENSITIES) expect(ALL.filter((weightKg) => weightShown([shown(weightKg, kcal)]) !== weightKg), `${kcal} kcal`).toEqual([])
})

test('foods of unknown energy are passed over', () => {
  const [weightKg = 0] = WEIGHTS
  expect(weightShown([shown(weightKg, null), shown(weightKg, 345)])).toBe(weightKg)
  expect(() => weightShown([shown(weightKg, null)])).toThrow('energy is known')
})

test('an amount that fits no weight is refused', () => {
  const between = ((WEIGHTS[0] ?? 0) + (WEIGHTS[1] ?? 0)) / 2
  expect(() => weightShown([shown(between, 65)])).toThrow('fits no weight')
  expect(() => weightShown([shown(1, 345)])).toThrow('fits no weight')
})

test('the weights of the copy are its own', () => {
  expect(WEIGHTS.filter(isOfCopy)).toEqual([])
  expect(WEIGHTS_OF_COPY.filter((weightKg) => !isOfCopy(weightKg))).toEqual([])
})
