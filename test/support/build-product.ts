import type { Offer, Product, ProductFeatures } from '../../src/domain/product.ts'

type Overrides = Partial<Omit<Product, 'features' | 'nutrition'>> & {
  features?: Partial<ProductFeatures>
  nutrition?: Partial<Product['nutrition']>
}

/**
 * An invented dry food for adult dogs with nothing for or against it: turkey first, no common allergen, no benefit, medium
 * protein, quality 50, 380 kcal per 100 g, KRW 10,000 per kg. Its label says the same as its features.
 */
export function buildProduct({ features, nutrition, ...overrides }: Overrides = {}): Product {
  const ingredients = features?.ingredients ?? ['turkey', 'rice', 'turkey fat']
  return {
    id: 'product-1',
    brandName: 'Hollow Oak',
    productName: 'Everyday Turkey',
    sizeLabel: null,
    species: 'DOG',
    form: 'DRY',
    lifeStage: 'ADULT',
    isActive: true,
    ingredientsText: ingredients.length === 0 ? null : ingredients.join(', '),
    claims: [],
    offers: [],
    pricePerKg: 10_000,
    priceSummaries: {},
    revision: 1,
    ...overrides,
    nutrition: {
      proteinPct: 26, fatPct: 15, fiberPct: 3, moisturePct: 9, ashPct: 7, calciumPct: 1.2, phosphorusPct: 0.9, kcalPer100g: 380, ...nutrition,
    },
    features: {
      animalProteins: [],
      plantProteins: [],
      grains: [],
      additives: [],
      allergens: [],
      isGrainFree: false,
      firstIngredientIsMeat: false,
      proteinQuality: 'medium',
      harmful: [],
      benefitTags: [],
      lifeStage: 'ADULT',
      breedSizes: [],
      concernWords: [],
      qualityScore: 50,
      ...features,
      ingredients,
    },
  }
}

export const buildOffer = (overrides: Partial<Offer> = {}): Offer => ({
  id: 'offer-1',
  merchant: 'BRAND',
  url: 'https://shop.example/everyday-turkey',
  affiliateUrl: null,
  sellerName: null,
  currentPrice: 30_000,
  currency: 'KRW',
  isPrimary: true,
  ...overrides,
})
