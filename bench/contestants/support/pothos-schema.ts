import SchemaBuilder from '@pothos/core'
import type { GraphQLSchema } from 'graphql'
import type { Document } from './documents.ts'
import type { Context } from './serve-pothos.ts'

/** Every field of the operation, as the gateway declares it; `!` stands for what is never null. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Recommendations: {
    petId: 'ID!', runId: 'ID', source: 'String!', isCached: 'Boolean!', strategy: 'String!', lastRecommendedAt: 'String', expiresAt: 'String',
    emptyReason: 'String', message: 'String', items: '[RecommendationItem]',
  },
  RecommendationItem: {
    rank: 'Int!', matchScore: 'Float!', safetyScore: 'Float!', fitnessScore: 'Float!', confidenceScore: 'Float!', dailyAmountG: 'Float',
    monthlyCost: 'Int', safetyBadges: '[String]', technicalExplanation: 'String!', animationExplanation: 'String', mainIngredients: '[String]',
    allergyIngredients: '[String]', harmfulIngredients: '[String]', ingredientCount: 'Int', scoreComponents: '[ScoreComponent]',
    matchReasons: '[MatchReason]', qualityChecklist: '[QualityCheck]', offer: 'PricedOffer', product: 'Product!',
  },
  ScoreComponent: { name: 'String!', points: 'Float!', maxPoints: 'Float!' },
  MatchReason: { code: 'String!', message: 'String!', points: 'Float' },
  QualityCheck: { code: 'String!', passed: 'Boolean!', message: 'String!' },
  PricedOffer: { currentPrice: 'Int', averagePrice: 'Int', deltaPercent: 'Float', isNewLow: 'Boolean!', offer: 'Offer!' },
  Product: {
    id: 'ID!', brandName: 'String!', productName: 'String!', sizeLabel: 'String', species: 'String', form: 'String!', lifeStage: 'String',
    isActive: 'Boolean!', ingredientsText: 'String', allergens: '[String]', claims: '[String]', pricePerKg: 'Int', nutrition: 'NutritionFacts!', offers: '[Offer]',
  },
  NutritionFacts: {
    proteinPct: 'Float', fatPct: 'Float', fiberPct: 'Float', moisturePct: 'Float', ashPct: 'Float', calciumPct: 'Float', phosphorusPct: 'Float', kcalPer100g: 'Float',
  },
  Offer: {
    id: 'ID!', merchant: 'String!', url: 'String!', affiliateUrl: 'String', sellerName: 'String', currentPrice: 'Int', currency: 'String!', isPrimary: 'Boolean!',
  },
}

const SCALARS = { ID: 'ID', String: 'String', Int: 'Int', Float: 'Float', Boolean: 'Boolean' } as const
const isScalar = (name: string): name is keyof typeof SCALARS => name in SCALARS

export function buildPothosSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<{ Context: Context }>({})
  const refs = Object.fromEntries(Object.keys(TYPES).map((name) => [name, builder.objectRef<Document>(name)]))
  const refOf = (name: string) => {
    if (isScalar(name)) return SCALARS[name]
    const ref = refs[name]
    if (ref === undefined) throw new Error(`No type ${name}`)
    return ref
  }
  for (const [name, fields] of Object.entries(TYPES)) {
    refs[name]?.implement({
      fields: (t) =>
        Object.fromEntries(
          Object.entries(fields).map(([field, type]) => {
            const [, list, of = ''] = /^(\[?)(\w+)/.exec(type) ?? []
            const resolve = (parent: Document) => parent[field] as never
            return [field, list === '[' ? t.field({ type: [refOf(of)], resolve }) : t.field({ type: refOf(of), nullable: !type.endsWith('!'), resolve })]
          }),
        ),
    })
  }
  // The operation declares this variable; nobody sends it.
  const Conditions = builder.inputType('RecommendationConditionsInput', { fields: (t) => ({ maxPricePerKg: t.int() }) })
  builder.queryType({
    fields: (t) => ({
      recommendations: t.field({
        type: refOf('Recommendations'),
        nullable: true,
        args: { petId: t.arg.id({ required: true }), forceRefresh: t.arg.boolean({ defaultValue: false }), conditions: t.arg({ type: Conditions }) },
        resolve: (_root, { petId }, { documents }) => documents.load(petId) as never,
      }),
    }),
  })
  return builder.toSchema()
}
