import { expect, test } from 'vitest'
import { demoProducts } from '../../src/demo/products.ts'
import { AGE_STAGES, SPECIES } from '../../src/domain/codes.ts'
import { summarisePrices } from '../../src/domain/prices.ts'

const catalogue = demoProducts()
const offers = catalogue.flatMap((product) => product.offers)

test('there are at least 120 foods, each once', () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(120)
  expect(new Set(catalogue.map(({ sourceId }) => sourceId)).size).toBe(catalogue.length)
  expect(new Set(catalogue.map(({ brandName, productName }) => `${brandName} ${productName}`)).size).toBe(catalogue.length)
})

test('no two foods have the same ingredients', () => {
  expect(new Set(catalogue.map(({ ingredientsText }) => ingredientsText)).size).toBe(catalogue.length)
})

test('the catalogue is the same every time it is made', () => {
  expect(demoProducts()).toEqual(catalogue)
})

test.for(SPECIES.flatMap((species) => AGE_STAGES.map((stage) => [species, stage] as const)))('there is food for %s, %s', ([species, stage]) => {
  const matching = catalogue.filter((product) => product.species === species && (product.lifeStage === stage || product.lifeStage === 'ALL'))
  expect(matching.length).toBeGreaterThanOrEqual(10)
})

test('dry, wet and raw, small and large, for every concern that has a tag', () => {
  const forms = Map.groupBy(catalogue, ({ form }) => form)
  expect(forms.get('DRY')?.length).toBeGreaterThan(60)
  expect(forms.get('WET')?.length).toBeGreaterThan(20)
  expect(forms.get('RAW')?.length).toBeGreaterThan(4)
  for (const size of ['small', 'large'] as const) expect(catalogue.filter(({ features }) => features.breedSizes.includes(size)).length).toBeGreaterThan(5)
  const tags = new Set(catalogue.flatMap(({ features }) => features.benefitTags))
  for (const tag of ['joint', 'weight', 'hypoallergenic', 'urinary', 'kidney', 'digestive', 'dental', 'heart'] as const) expect(tags).toContain(tag)
})

test('what a label prints can be: parts of a whole, and energy that fits the form', () => {
  for (const { sourceId, nutrition, form } of catalogue) {
    const { proteinPct, fatPct, fiberPct, moisturePct, ashPct, kcalPer100g } = nutrition
    const sum = [proteinPct, fatPct, fiberPct, moisturePct, ashPct].reduce<number>((total, part) => total + (part ?? 0), 0)
    expect(sum, sourceId).toBeLessThanOrEqual(100)
    if (kcalPer100g === null) continue
    const [least, most] = form === 'WET' ? [60, 135] : [100, 520]
    expect(kcalPer100g, sourceId).toBeGreaterThanOrEqual(least)
    expect(kcalPer100g, sourceId).toBeLessThanOrEqual(most)
  }
})

test('energy agrees with the analysis beside it', () => {
  for (const { sourceId, nutrition } of catalogue) {
    const { proteinPct, fatPct, fiberPct, moisturePct, ashPct, kcalPer100g } = nutrition
    if (proteinPct === null || fatPct === null || fiberPct === null || moisturePct === null || ashPct === null || kcalPer100g === null) continue
    const rest = Math.max(0, 100 - proteinPct - fatPct - fiberPct - moisturePct - ashPct)
    const estimate = 3.5 * proteinPct + 8.5 * fatPct + 3.5 * rest
    expect(kcalPer100g / estimate, `${sourceId}: ${estimate}`).toBeGreaterThan(0.85)
    expect(kcalPer100g / estimate, `${sourceId}: ${estimate}`).toBeLessThan(1.2)
  }
})

test('prices have sixty days of history, and some are at a new low', () => {
  for (const { observations } of offers) expect(new Set(observations.map(({ observedOn }) => observedOn)).size).toBe(60)
  const lows = offers.filter(({ currentPrice, observations }) => {
    const lowest = summarisePrices(observations)?.lowestPrice
    return currentPrice !== null && lowest !== undefined && currentPrice < lowest
  })
  expect(lows.length).toBeGreaterThan(20)
  expect(lows.length).toBeLessThan(offers.length / 3)
})

test('every food has one primary offer, and every merchant and both currencies occur', () => {
  for (const product of catalogue) expect(product.offers.filter(({ isPrimary }) => isPrimary)).toHaveLength(1)
  expect(new Set(offers.map(({ merchant }) => merchant)).size).toBe(4)
  expect(new Set(offers.map(({ currency }) => currency))).toEqual(new Set(['KRW', 'USD']))
})

test('what is no longer made is not active and has no price', () => {
  const gone = catalogue.filter(({ isActive }) => !isActive)
  expect(gone.length).toBeGreaterThan(0)
  for (const { offers } of gone) expect(offers.every(({ currentPrice }) => currentPrice === null)).toBe(true)
})
