import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demoProducts } from '../../src/demo/products.ts'
import { ALLERGENS, SPECIES, type Allergen } from '../../src/domain/codes.ts'
import type { Product } from '../../src/domain/product.ts'
import { recommend } from '../../src/domain/scoring/recommend.ts'
import { buildConditions, buildPet, buildPreferences } from '../support/build-pet.ts'
import { asProduct, realProducts, realProductsAreAway } from '../support/real-products.ts'

/** The plainest words of each allergen, on purpose not the analysis' own dictionary; `butNot` only sounds like it. */
const PLAIN_WORDS: Record<Allergen, { words: RegExp; butNot?: RegExp }> = {
  BEEF: { words: /\b(beef|veal)\b/i },
  CHICKEN: { words: /\bchickens?\b/i },
  TURKEY: { words: /\bturkeys?\b/i },
  DUCK: { words: /\bducks?\b/i },
  PORK: { words: /\bpork\b/i },
  LAMB: { words: /\b(lamb|mutton)\b/i },
  FISH: { words: /\b(fish|salmon|tuna|herring|mackerel|cod|trout)\b/i },
  EGG: { words: /\beggs?\b/i },
  DAIRY: { words: /\b(milk|whey|cheese|yogurt|casein)\b/i, butNot: /\b(coconut milk|milk thistle|almond milk)\b/gi },
  WHEAT: { words: /\bwheat\b/i },
  CORN: { words: /\bcorn\b/i },
  SOY: { words: /\b(soy|soya|soybeans?)\b/i },
  RICE: { words: /\brice\b/i },
  POTATO: { words: /\bpotato(es)?\b/i, butNot: /\bsweet potato(es)?\b/gi },
  PEA: { words: /\bpeas?\b/i, butNot: /\b(chick|sweet|butterfly|sea|pigeon|cow) peas?\b/gi },
}

const allergicPet = fc.record({
  species: fc.constantFrom(...SPECIES),
  ageStage: fc.constantFrom('PUPPY' as const, 'ADULT' as const, 'SENIOR' as const),
  weightKg: fc.double({ min: 0.1, max: 150, noNaN: true }),
  foodAllergies: fc.uniqueArray(fc.constantFrom(...ALLERGENS), { minLength: 1, maxLength: 4 }),
})

function expectNoAllergenEver(catalogue: readonly Product[]) {
  const byId = new Map(catalogue.map((product) => [product.id, product]))
  fc.assert(
    fc.property(allergicPet, (traits) => {
      const { items } = recommend({ pet: buildPet(traits), preferences: buildPreferences(), conditions: buildConditions(), catalogue })
      for (const { product } of items) {
        expect(product.allergens.filter((allergen) => traits.foodAllergies.includes(allergen))).toEqual([])
        for (const allergen of traits.foodAllergies) {
          const { words, butNot } = PLAIN_WORDS[allergen]
          const text = (byId.get(product.id)?.ingredientsText ?? '').replace(butNot ?? /(?!)/g, '')
          expect(words.test(text), `${allergen} in ${product.productName}: ${text}`).toBe(false)
        }
      }
    }),
    { numRuns: 500 },
  )
}

describe('no recommended food holds an allergen of the pet, over 500 random pets', () => {
  test('of the demo catalogue', () => expectNoAllergenEver(demoProducts().map(asProduct)))
  test.skipIf(realProductsAreAway)('of all real products', () => expectNoAllergenEver(realProducts()))
})
