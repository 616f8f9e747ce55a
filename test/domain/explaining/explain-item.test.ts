import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demoProducts } from '../../../src/demo/products.ts'
import { LOCALES } from '../../../src/domain/codes.ts'
import { explainItem } from '../../../src/domain/explaining/explain-item.ts'
import type { ExplainedPet } from '../../../src/domain/explaining/questions.ts'
import type { Product } from '../../../src/domain/product.ts'
import { REFERENCES } from '../../../src/domain/references/corpus.ts'
import type { Explanation, RunItem } from '../../../src/domain/run.ts'
import { scoreProduct } from '../../../src/domain/scoring/score-product.ts'
import { arbitraryPet, arbitraryProduct } from '../../support/arbitrary-scoring.ts'
import { buildConditions, buildPet, buildPreferences } from '../../support/build-pet.ts'
import { buildProduct } from '../../support/build-product.ts'
import { asProduct, realProducts, realProductsAreAway } from '../../support/real-products.ts'

const NOW = 1_700_000_000_000

const explained = (pet: Partial<ExplainedPet>, product: Product, rank = 1) => {
  const whole = { bodyConditionScore: 5, ...buildPet(pet), ...pet }
  const scored = scoreProduct({ pet: whole, preferences: buildPreferences(), conditions: buildConditions(), product })
  if (scored.kind === 'excluded') return undefined
  const { kind: _kind, ...rest } = scored
  const item: RunItem = { rank, ...rest, explanations: {} }
  return { item, pet: whole, EN: explainItem(item, whole, 'EN', NOW), KO: explainItem(item, whole, 'KO', NOW) }
}

// "Per 100 g" is a unit.
const numbersIn = (text: string): string[] => (text.replaceAll(/per 100 g|100g당/g, '').match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((it) => String(Number(it.replaceAll(',', ''))))

/** Every number of the item and its texts, rounded as people read them; and those that follow from two of them. */
function figuresOf(item: RunItem, pet: ExplainedPet): Set<string> {
  const { nutrition } = item.product
  const raw: number[] = [pet.bodyConditionScore]
  const texts: string[] = []
  JSON.stringify(item, (_key, value: unknown) => {
    if (typeof value === 'number') raw.push(value)
    if (typeof value === 'string') texts.push(value)
    return value
  })
  for (const pct of [nutrition.proteinPct, nutrition.fatPct, nutrition.calciumPct, nutrition.phosphorusPct]) {
    if (pct !== null && nutrition.moisturePct !== null) raw.push((pct * 100) / (100 - nutrition.moisturePct))
  }
  const kcal = Number(item.reasons.find(({ code }) => code === 'ENERGY_ESTIMATED')?.params['kcal'] ?? nutrition.kcalPer100g)
  raw.push(((item.dailyAmountG ?? 0) * kcal) / 100)
  const rounded = raw.flatMap((value) => [0, 1, 2].map((decimals) => String(Number((value + 1e-9).toFixed(decimals)))))
  return new Set([...rounded, ...texts.flatMap(numbersIn)])
}

function expectGrounded(explanation: Explanation, item: RunItem, pet: ExplainedPet) {
  const known = figuresOf(item, pet)
  for (const { title, source, excerpt } of explanation.citations) for (const figure of numbersIn(`${title} ${source} ${excerpt}`)) known.add(figure)
  expect(numbersIn(explanation.text).filter((figure) => !known.has(figure)), explanation.text).toEqual([])
  expect(explanation.citations.length).toBeGreaterThan(0)
  expect(explanation.citations.length).toBeLessThanOrEqual(4)
  expect(new Set(explanation.citations.map(({ excerpt }) => excerpt)).size).toBe(explanation.citations.length)
  for (const { title, source, excerpt } of explanation.citations) {
    const reference = REFERENCES.find((one) => one.title === title && one.excerpt === excerpt)
    expect(reference).toMatchObject({ source })
    expect([reference?.excerpt, reference?.korean].some((used) => explanation.text.includes(used ?? '-'))).toBe(true)
  }
  expect(explanation.confidence).toBeGreaterThan(0)
  expect(explanation.confidence).toBeLessThanOrEqual(item.confidenceScore / 100)
  expect(explanation.text).not.toMatch(/[{}]|undefined|NaN|null/)
}

function expectBothGrounded(pet: Partial<ExplainedPet>, product: Product) {
  const one = explained(pet, product)
  if (one === undefined) return
  for (const locale of LOCALES) expectGrounded(one[locale], one.item, one.pet)
  expect(one.KO.citations).toEqual(one.EN.citations)
  expect(one.KO.text).toMatch(/[가-힣]/)
  expect(one.EN.text.replace(one.item.product.ingredientsText ?? '', '')).toMatch(/^Number 1 for your pet/)
}

const anyPet = fc.record({ pet: arbitraryPet, bodyConditionScore: fc.integer({ min: 1, max: 9 }) }).map(({ pet, bodyConditionScore }) => ({ ...pet, bodyConditionScore }))

test.skipIf(realProductsAreAway)('every figure of every text stands in what it cites or in the item, for real products', { timeout: 60_000 }, () => {
  const products = realProducts()
  fc.assert(fc.property(anyPet, fc.nat({ max: products.length - 1 }), (pet, at) => expectBothGrounded(pet, products[at] ?? buildProduct())), { numRuns: 2_000 })
})

test('every figure of every text stands in what it cites or in the item, for the demo and for whatever the rules can say', () => {
  for (const record of demoProducts()) for (const species of ['DOG', 'CAT'] as const) expectBothGrounded({ species }, asProduct(record))
  fc.assert(fc.property(anyPet, arbitraryProduct, (pet, product) => expectBothGrounded(pet, product)), { numRuns: 500 })
})

test('what an explanation cites is true of the pet: nothing of the other species or of another stage', () => {
  fc.assert(
    fc.property(anyPet, arbitraryProduct, (pet, product) => {
      for (const { title, excerpt } of explained(pet, product)?.EN.citations ?? []) {
        const audience = REFERENCES.find((one) => one.title === title && one.excerpt === excerpt)?.audience
        expect([undefined, pet.species]).toContain(audience?.species)
        expect(audience?.stages ?? [pet.ageStage]).toContain(pet.ageStage)
        expect(audience?.isNeutered ?? (pet.isNeutered === true)).toBe(pet.isNeutered === true)
      }
    }),
  )
})

test('the concern of the pet is told first, and each language tells the same', () => {
  const one = explained({ healthConcerns: ['KIDNEY'] }, buildProduct({ features: { benefitTags: ['kidney'] } }))
  expect(one?.EN.citations[0]?.source).toContain('IRIS')
  expect(one?.EN.text).toContain('Formulated to support kidney health. In chronic kidney disease')
  expect(one?.KO.text).toContain('만성 신장 질환에서는')
})

test('protein under the minimum is called too little, and the minimum is cited', () => {
  const poor = explained({ ageStage: 'PUPPY' }, buildProduct({ nutrition: { proteinPct: 18, moisturePct: 10 } }))
  expect(poor?.EN.text).toContain('20 % of its dry matter is protein, which is less than asked for. AAFCO asks of a complete food for growing dogs that at least 22.5 %')
  const rich = explained({ ageStage: 'PUPPY' }, buildProduct({ nutrition: { proteinPct: 27, moisturePct: 10 } }))
  expect(rich?.EN.text).toContain('30 % of its dry matter is protein, which is enough.')
})

test('a puppy that grows large is told both bounds of calcium, a small one is not', () => {
  const food = buildProduct({ nutrition: { calciumPct: 2, phosphorusPct: 1.5, moisturePct: 10 } })
  const large = explained({ ageStage: 'PUPPY', breedCode: 'LABRADOR_RETRIEVER' }, food)
  expect(large?.EN.text).toContain('2.22 % calcium and 1.67 % phosphorus, which is more than allowed. For dogs that grow large AAFCO limits calcium from both sides: 1.2 to 1.8 %')
  expect(explained({ ageStage: 'PUPPY', breedCode: 'MALTESE' }, food)?.EN.text).not.toContain('grow large')
})

test('an overweight adult is judged by the profile of those who need little energy', () => {
  const food = buildProduct({ nutrition: { proteinPct: 18, moisturePct: 10 } })
  expect(explained({ bodyConditionScore: 7 }, food)?.EN.text).toContain('which is less than asked for. FEDIAF asks of a complete food for adult dogs that need little energy that at least 21 %')
  expect(explained({ bodyConditionScore: 5 }, food)?.EN.text).toContain('which is enough. AAFCO asks of a complete food for adult dogs that at least 18 %')
})

test('allergies that were avoided are named, and doubtful data are called so', () => {
  expect(explained({ foodAllergies: ['BEEF', 'CORN'] }, buildProduct())?.EN.text).toContain('must avoid was found in it: beef, corn.')
  const doubtful = explained({}, buildProduct({ ingredientsText: null, features: { ingredients: [], lifeStage: null } }))
  expect(doubtful?.EN.text).toContain('leaves much open')
  expect(doubtful?.EN.confidence).toBeLessThan(0.55)
})

test('the same item and pet are explained alike, and a poorer label is trusted less', () => {
  fc.assert(
    fc.property(anyPet, arbitraryProduct, (pet, product) => {
      expect(explained(pet, product)).toEqual(explained(structuredClone(pet), structuredClone(product)))
    }),
    { numRuns: 50 },
  )
  const known = explained({}, buildProduct())?.EN.confidence ?? 0
  const unknown = explained({}, buildProduct({ features: { lifeStage: null } }))?.EN.confidence ?? 1
  expect(unknown).toBeLessThan(known)
})
