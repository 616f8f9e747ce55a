import type { MatchScore } from '../../recommend/match-scores.ts'
import { builder } from '../builder.ts'
import { notFound } from '../errors.ts'
import { parseId } from '../input.ts'
import { viewerOf } from '../viewer-of.ts'
import { wordedReasons } from '../worded.ts'
import { Locale } from './enums.ts'
import { MatchReason, ScoreComponent } from './recommendation-item.ts'

const ProductMatchScore = builder
  .objectRef<MatchScore & { productId: string; petId: string; isCached: boolean }>('ProductMatchScore')
  .implement({
    description: 'How well one product suits one pet, whether it would be recommended or not.',
    fields: (t) => ({
      productId: t.exposeID('productId', { description: 'The product.' }),
      petId: t.exposeID('petId', { description: 'The pet.' }),
      matchScore: t.exposeFloat('matchScore', { description: '0 to 100; 0 for a food that is never recommended to this pet.' }),
      safetyScore: t.exposeFloat('safetyScore', { description: '0 to 100.' }),
      fitnessScore: t.exposeFloat('fitnessScore', { description: '0 to 100.' }),
      scoreComponents: t.expose('scoreComponents', { type: [ScoreComponent], description: 'The parts of both scores; none for a food that is never recommended to this pet.' }),
      matchReasons: t.field({
        type: [MatchReason],
        description: 'Why points were given or taken, or why the food is never recommended.',
        args: { locale: t.arg({ type: Locale, required: false, description: 'Left out: the language of the request.' }) },
        resolve: ({ reasons }, args, context) => wordedReasons(reasons, args.locale ?? context.locale),
      }),
      isCached: t.exposeBoolean('isCached', { description: 'Whether it was made before it was asked for.' }),
      calculatedAt: t.expose('calculatedAt', { type: 'DateTime', description: 'When it was made.' }),
    }),
  })

builder.queryField('productMatchScore', (t) =>
  t.field({
    type: ProductMatchScore,
    description: 'How well one product suits one pet. Kept for an hour, unless the pet or the product changes.',
    args: {
      productId: t.arg.id({ required: true, description: 'A UUID.' }),
      petId: t.arg.id({ required: true, description: "A pet of the viewer's; admins may ask for any." }),
    },
    resolve: async (_root, args, context) => {
      const [productId, petId] = [parseId(args.productId, 'productId'), parseId(args.petId, 'petId')]
      const outcome = await context.services.matchScores.score(productId, petId, viewerOf(context))
      if (outcome.kind === 'no-pet') throw notFound('pet')
      if (outcome.kind === 'no-product') throw notFound('product')
      return { ...outcome.score, productId, petId, isCached: outcome.isCached }
    },
  }),
)
