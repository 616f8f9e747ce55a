/**
 * Every field of the schema stands here once: a field that somebody adds fails test/graphql/cacheable-fields.test.ts until it
 * is decided where it belongs. Until then it is not cacheable, and neither is an argument that is not named here.
 *
 * A field is cacheable if its value is the same for as long as
 *   * the request is the same: sender, rights, language, operation, variables;
 *   * the fences of the pets that the response speaks of read the same, under the same epoch (see coverage.ts);
 *   * nothing that it noted has ended: its run, or the day where it called `coverage.today()`.
 * What is below `RecommendationItem` depends on nothing but the run and the language: it is remembered as bytes beside
 * the run (see plan/item-texts.ts).
 */
export type FieldDecisions = {
  /** Each with the arguments that it may have. */
  cacheable?: Readonly<Record<string, readonly string[]>>
  /** An operation that holds one of these is executed each time. */
  executed?: readonly string[]
}

const LOCALE = ['locale']

/** Fields without arguments, by their names. */
const plain = (names: string): Record<string, readonly string[]> => Object.fromEntries(names.split(' ').map((name) => [name, []]))
const each = (names: string): readonly string[] => names.split(' ')

export const FIELD_DECISIONS: Readonly<Record<string, FieldDecisions>> = {
  Query: {
    cacheable: { viewer: [], pet: ['id'], recommendations: ['petId', 'forceRefresh', 'conditions'] },
    executed: each('product products productMatchScore recommendationHistory cacheStats cacheEntry'),
  },
  // A new pet, another primary pet and other preferences change no fence that a response was made under.
  Viewer: { cacheable: plain('id isAdmin'), executed: each('pets primaryPet preferences') },
  Pet: {
    cacheable: plain(
      'id name species breedCode sex isNeutered birthdate approxAgeMonths ageStage weightKg bodyConditionScore healthConcerns foodAllergies otherAllergies photoUrl isPrimary createdAt updatedAt recommendations',
    ),
  },
  Recommendations: {
    cacheable: { ...plain('petId pet runId items isCached source strategy lastRecommendedAt expiresAt emptyReason'), message: LOCALE },
  },
  RecommendationItem: {
    cacheable: {
      ...plain(
        'rank product offer matchScore safetyScore fitnessScore scoreComponents ingredientCount mainIngredients allergyIngredients harmfulIngredients dailyAmountG monthlyCost safetyBadges confidenceScore',
      ),
      matchReasons: LOCALE,
      technicalExplanation: LOCALE,
      expertExplanation: LOCALE,
      animationExplanation: LOCALE,
      qualityChecklist: LOCALE,
    },
  },
  ScoreComponent: { cacheable: plain('name points maxPoints') },
  MatchReason: { cacheable: plain('code message points') },
  QualityCheck: { cacheable: plain('code passed message') },
  ExpertExplanation: { cacheable: plain('text confidence citations generatedAt model') },
  Citation: { cacheable: plain('title source excerpt') },
  // Of these only what a run holds can be reached from the fields above: as it was when the run was made.
  PricedOffer: { cacheable: plain('offer currentPrice averagePrice deltaPercent isNewLow') },
  Product: {
    cacheable: plain('id brandName productName sizeLabel species form lifeStage isActive ingredientsText nutrition allergens claims offers pricePerKg'),
  },
  Offer: { cacheable: plain('id merchant url affiliateUrl sellerName currentPrice currency isPrimary') },
  NutritionFacts: { cacheable: plain('proteinPct fatPct fiberPct moisturePct ashPct calciumPct phosphorusPct kcalPer100g') },

  // Products as they are now, and what is counted, stored or looked up at this moment: no fence speaks of it.
  ProductConnection: { executed: each('edges pageInfo') },
  ProductEdge: { executed: each('cursor node') },
  PageInfo: { executed: each('hasNextPage hasPreviousPage startCursor endCursor') },
  ProductMatchScore: { executed: each('productId petId matchScore safetyScore fitnessScore scoreComponents matchReasons isCached calculatedAt') },
  RecommendationPreferences: { executed: each('weightsPreset hardExcludeAllergens softAvoidIngredients maxPricePerKg sortPreference healthConcernPriority') },
  RecommendationRunConnection: { executed: each('edges pageInfo') },
  RecommendationRunEdge: { executed: each('cursor node') },
  RecommendationRun: { executed: each('id createdAt strategy isCurrent hasConditions emptyReason items') },
  CacheStats: { executed: each('since hitRate tiers redis pendingInvalidations payloadBytes') },
  CacheTierStats: { executed: each('source hits errors latencyMs') },
  Distribution: { executed: each('count p50 p95 p99 max') },
  RedisStatus: { executed: each('connected mode circuit usedMemoryBytes keyCount') },
  CacheEntry: { executed: each('petId redis postgres') },
  RedisCacheEntry: { executed: each('runId createdAt expiresInSeconds sizeBytes encoding tags') },

  // A mutation is executed, whatever it answers with.
  Mutation: {
    executed: each(
      'createPet updatePet deletePet setPrimaryPet updateRecommendationPreferences updateProduct generateExplanations clearRecommendationCache clearAllRecommendationCaches',
    ),
  },
  CreatePetPayload: { executed: each('pet') },
  UpdatePetPayload: { executed: each('pet invalidation') },
  DeletePetPayload: { executed: each('petId invalidation') },
  SetPrimaryPetPayload: { executed: each('pet') },
  UpdateRecommendationPreferencesPayload: { executed: each('preferences invalidation') },
  UpdateProductPayload: { executed: each('product affectedPets invalidation') },
  GenerateExplanationsPayload: { executed: each('recommendations') },
  ClearRecommendationCachePayload: { executed: each('petId deletedRuns redisKeysDeleted invalidation') },
  ClearAllRecommendationCachesPayload: { executed: each('deletedRuns redisKeysDeleted invalidation') },
}

/** The arguments that a cacheable field may have; undefined where the field is not cacheable. */
export const argumentsOfCacheable = (typeName: string, fieldName: string): readonly string[] | undefined => {
  const fields = FIELD_DECISIONS[typeName]?.cacheable
  return fields !== undefined && Object.hasOwn(fields, fieldName) ? fields[fieldName] : undefined
}
