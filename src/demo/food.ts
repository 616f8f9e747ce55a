import type { LifeStage, Merchant, ProductForm, Species } from '../domain/codes.ts'

/** One invented food, as its pack would print it. */
export type DemoFood = {
  /** Unique within the brand, and its id for good: renaming it makes another product. */
  code: string
  name: string
  species: Species | null
  form: ProductForm
  stage: LifeStage | null
  /** The ingredient list up to where the brand's own vitamins and minerals begin. */
  label: string
  /** As fed, in percent, and kcal per 100 g: protein, fat, fibre, moisture, ash, calcium, phosphorus, energy. */
  analysis: readonly [number, number, number, number, number | null, number | null, number | null, number | null]
  claims?: readonly string[]
  breedSize?: string
  /** As printed, its kilograms, and the usual price in KRW. */
  pack: readonly [sizeLabel: string, kg: number, krw: number]
  /** No longer made. */
  discontinued?: true
}

export type DemoBrand = {
  key: string
  brandName: string
  market: string
  /** Where it is sold, the primary offer first. OTHER is a shop abroad that asks for USD. */
  soldAt: readonly Merchant[]
  /** What every list of that form ends with. */
  premix: Partial<Record<ProductForm, string>>
  foods: readonly DemoFood[]
}
