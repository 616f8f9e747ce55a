import { conditionsHash } from '../../domain/conditions.ts'
import type { Conditions } from '../../domain/pet.ts'
import { emptyMessage } from '../../domain/wording/empty-messages.ts'
import type { Answer } from '../../recommend/ladder.ts'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { notFound, rateLimited, unauthenticated } from '../errors.ts'
import { parseId } from '../input.ts'
import { Pet, Recommendations, type RecommendationsValue } from '../refs.ts'
import { visiblePet } from '../visible-pet.ts'
import { parseConditions, RecommendationConditionsInput } from './conditions.ts'
import { EmptyReason, Locale, RecommendationSource, RecommendationStrategy } from './enums.ts'
import { RecommendationItem } from './recommendation-item.ts'

Recommendations.implement({
  description: 'The foods that suit a pet: the ten best, or the reason why there are none.',
  fields: (t) => ({
    petId: t.id({ description: 'The pet.', resolve: ({ run }) => run.petId }),
    pet: t.field({
      type: Pet,
      description: 'The pet.',
      // Looked at again: it may have changed hands since the run was found, unless the fence of that moment tells of both.
      resolve: ({ run }, _args, context) => visiblePet(run.petId, context),
    }),
    runId: t.id({
      nullable: true,
      description: 'The stored computation; null where it could not be stored because the pet or a product kept changing.',
      resolve: ({ run }) => run.id,
    }),
    items: t.field({ type: [RecommendationItem], description: 'The best first, ten at most.', resolve: ({ run }) => run.items }),
    isCached: t.boolean({ description: 'Whether it was made before it was asked for.', resolve: ({ source }) => source !== 'COMPUTED' }),
    source: t.field({ type: RecommendationSource, description: 'Which tier answered.', resolve: ({ source }) => source }),
    strategy: t.field({ type: RecommendationStrategy, description: 'What made it.', resolve: ({ run }) => run.strategy }),
    lastRecommendedAt: t.field({ type: 'DateTime', nullable: true, description: 'When it was made.', resolve: ({ run }) => run.createdAt }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the cached result stops being used: seven days after lastRecommendedAt.',
      resolve: ({ run }) => run.expiresAt,
    }),
    emptyReason: t.field({ type: EmptyReason, nullable: true, description: 'Why items is empty.', resolve: ({ run }) => run.emptyReason }),
    message: t.string({
      nullable: true,
      description: 'The same for a person to read.',
      args: { locale: t.arg({ type: Locale, required: false, description: 'Left out: the language of the request.' }) },
      resolve: ({ run }, args, context) => (run.emptyReason === null ? null : emptyMessage(run.emptyReason, args.locale ?? context.locale)),
    }),
  }),
})

builder.queryField('recommendations', (t) =>
  t.field({
    type: Recommendations,
    description:
      'Redis, then the newest valid run in Postgres, then a fresh computation. forceRefresh skips the caches and computes anew.',
    args: {
      petId: t.arg.id({ required: true, description: "A pet of the viewer's; admins may ask for any." }),
      forceRefresh: t.arg.boolean({ required: true, defaultValue: false, description: 'Skip the caches and compute anew.' }),
      conditions: t.arg({ type: RecommendationConditionsInput, required: false, description: 'What is asked for this once.' }),
    },
    resolve: async (_root, args, context) => {
      const petId = parseId(args.petId, 'petId')
      const conditions = parseConditions(args.conditions)
      return args.forceRefresh ? refreshed(petId, conditions, context) : recommendationsOf(petId, conditions, context)
    },
  }),
)

/** Throws NOT_FOUND for a pet that is not the viewer's; what makes it unavailable is thrown as it is, to be masked. */
export async function recommendationsOf(petId: string, conditions: Conditions, context: GatewayContext): Promise<RecommendationsValue> {
  return toValue(await context.loaders.recommendation.load({ petId, conditions }), context)
}

async function refreshed(petId: string, conditions: Conditions, context: GatewayContext): Promise<RecommendationsValue> {
  if (context.viewer === undefined) throw unauthenticated()
  const question = { petId, conditions, conditionsHash: conditionsHash(conditions) }
  const answer = await context.services.runKeeper.refresh(question, context.viewer)
  if (answer.kind === 'budget-spent') throw rateLimited('Too many forced refreshes.', answer.retryAfterMs)
  context.loaders.forget()
  return toValue(answer, context)
}

export function toValue(answer: Answer, { sources, unverified, coverage }: GatewayContext): RecommendationsValue {
  switch (answer.kind) {
    case 'not-found':
      throw notFound('pet')
    case 'unavailable':
      throw answer.cause
    case 'answered':
      sources.add(answer.source)
      if (!answer.isVerified) unverified.add(answer.run.petId)
      coverage.run(answer)
      return answer
  }
}
