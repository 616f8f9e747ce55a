import type { Offer as OfferValue } from '../../domain/product.ts'
import type { ProductSnapshot } from '../../domain/run.ts'
import { builder } from '../builder.ts'
import { Allergen, LifeStage, Merchant, ProductForm, Species } from './enums.ts'
import { NutritionFacts } from './nutrition-facts.ts'

export const Offer = builder.objectRef<OfferValue>('Offer').implement({
  description: 'A shop that sells a product.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUID.' }),
    merchant: t.expose('merchant', { type: Merchant, description: 'Where it is sold.' }),
    url: t.exposeString('url', { description: 'The page of the product in that shop.' }),
    affiliateUrl: t.exposeString('affiliateUrl', { nullable: true, description: 'The same page through our affiliate link.' }),
    sellerName: t.exposeString('sellerName', { nullable: true, description: 'Who sells it there.' }),
    currentPrice: t.exposeInt('currentPrice', {
      nullable: true,
      description: 'Whole minor units of `currency` (ISO 4217): won for KRW, cents for USD.',
    }),
    currency: t.exposeString('currency', { description: 'ISO 4217, such as KRW.' }),
    isPrimary: t.exposeBoolean('isPrimary', { description: 'Whether this is the offer that prices are told from.' }),
  }),
})

export const Product = builder.objectRef<ProductSnapshot>('Product').implement({
  description: 'A pet food. Inside a recommendation: as it was when the recommendation was made.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A UUID.' }),
    brandName: t.exposeString('brandName', { description: 'The brand.' }),
    productName: t.exposeString('productName', { description: 'The name on the pack.' }),
    sizeLabel: t.exposeString('sizeLabel', { nullable: true, description: 'The size as printed, such as "2 kg".' }),
    species: t.expose('species', { type: Species, nullable: true, description: 'Null: for dogs and cats alike.' }),
    form: t.expose('form', { type: ProductForm, description: 'What kind of food it is.' }),
    lifeStage: t.expose('lifeStage', { type: LifeStage, nullable: true, description: 'Null where the label does not say.' }),
    isActive: t.exposeBoolean('isActive', { description: 'Whether it may be recommended.' }),
    ingredientsText: t.exposeString('ingredientsText', { nullable: true, description: 'The ingredient list as printed.' }),
    nutrition: t.field({ type: NutritionFacts, nullable: true, description: 'The analysis as printed.', resolve: ({ nutrition }) => nutrition }),
    allergens: t.expose('allergens', { type: [Allergen], description: 'What was found in the ingredient list, with high or low confidence, or declared by an admin.' }),
    claims: t.exposeStringList('claims', { description: 'What the pack promises, as printed.' }),
    offers: t.field({ type: [Offer], description: 'Where it is sold, the primary offer first.', resolve: ({ offers }) => offers }),
    pricePerKg: t.exposeInt('pricePerKg', { nullable: true, description: 'KRW per kg of the primary offer, at the configured rates.' }),
  }),
})
