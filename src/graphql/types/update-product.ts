import { snapshotOf, type ProductSnapshot } from '../../domain/run.ts'
import { builder } from '../builder.ts'
import { notFound } from '../errors.ts'
import { parseId } from '../input.ts'
import { parseProductPatch } from '../product-input.ts'
import { Allergen, LifeStage, RedisInvalidation } from './enums.ts'
import { NUTRITION_FACTS } from './nutrition-facts.ts'
import { Product } from './product.ts'

const pct = (what: string) => `${what} 0 to 100.`

const NutritionFactsInput = builder.inputType('NutritionFactsInput', {
  description: 'As fed. A figure left out stays; null: the label does not say. Sums over 100 are taken: labels print minima and maxima.',
  fields: (t) => ({
    proteinPct: t.float({ description: pct(NUTRITION_FACTS.proteinPct) }),
    fatPct: t.float({ description: pct(NUTRITION_FACTS.fatPct) }),
    fiberPct: t.float({ description: pct(NUTRITION_FACTS.fiberPct) }),
    moisturePct: t.float({ description: pct(NUTRITION_FACTS.moisturePct) }),
    ashPct: t.float({ description: pct(NUTRITION_FACTS.ashPct) }),
    calciumPct: t.float({ description: pct(NUTRITION_FACTS.calciumPct) }),
    phosphorusPct: t.float({ description: pct(NUTRITION_FACTS.phosphorusPct) }),
    kcalPer100g: t.float({ description: `${NUTRITION_FACTS.kcalPer100g} 10 to 950.` }),
  }),
})

const UpdateProductInput = builder.inputType('UpdateProductInput', {
  description:
    'A field left out stays; null clears it where it can be empty (ingredientsText, lifeStage, nutrition). What differs from the product as it is becomes a correction: later imports leave it, and go on with every other field.',
  fields: (t) => ({
    productId: t.id({ required: true, description: 'A UUID.' }),
    isActive: t.boolean({ description: 'Whether it may be recommended.' }),
    ingredientsText: t.string({
      description: 'The ingredient list as printed, 20,000 characters at most. Without `allergens` it is analysed anew; allergens that were declared stay.',
    }),
    productName: t.string({ description: '500 characters at most.' }),
    lifeStage: t.field({ type: LifeStage, description: 'Null: the label does not say.' }),
    nutrition: t.field({ type: NutritionFactsInput, description: 'The figures that change. Null: the label says none.' }),
    allergens: t.field({
      type: [Allergen],
      description:
        'All that it holds, in the place of what was found in the ingredient list. What was not found there counts as declared, with high confidence. A later import keeps what was declared and what was left out here, and adds what a new recipe brings in.',
    }),
    claims: t.stringList({ description: 'What the pack promises, all of it: 200 at most, of 500 characters.' }),
  }),
})

const UpdateProductPayload = builder
  .objectRef<{ product: ProductSnapshot; affectedPets: number; invalidation: 'CLEARED' | 'QUEUED' }>('UpdateProductPayload')
  .implement({
    description: 'The changed product.',
    fields: (t) => ({
      product: t.field({ type: Product, description: 'As stored.', resolve: ({ product }) => product }),
      affectedPets: t.exposeInt('affectedPets', {
        description: 'Pets whose recommendation was retired: it held the product, or was empty. 0 where nothing changed.',
      }),
      invalidation: t.expose('invalidation', { type: RedisInvalidation, description: 'Whether the caches were told before this answer.' }),
    }),
  })

builder.mutationField('updateProduct', (t) =>
  t.field({
    type: UpdateProductPayload,
    description: 'Admin only: changes a product, and drops every cached recommendation and match score that holds it.',
    authScopes: { admin: true },
    args: { input: t.arg({ type: UpdateProductInput, required: true, description: 'What changes.' }) },
    resolve: async (_root, { input }, context) => {
      const { productId: id, ...patch } = input
      const outcome = await context.services.updateProduct(parseId(id, 'input.productId'), parseProductPatch(patch))
      if (outcome.kind === 'not-found') throw notFound('product')
      context.loaders.forget()
      const { product, affectedPets, invalidation } = outcome
      return { product: snapshotOf(product), affectedPets, invalidation }
    },
  }),
)
