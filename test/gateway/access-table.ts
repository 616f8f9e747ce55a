/** Who asks: the owner of the pet, somebody else who is signed in, an admin, or nobody. */
export type Who = 'owner' | 'other' | 'admin' | 'nobody'
export type Expected = 'answered' | 'NOT_FOUND' | 'FORBIDDEN' | 'UNAUTHENTICATED'
type Rights = Readonly<Record<Who, Expected>>

/** Another's pet and one that does not exist are never told apart. */
const OF_THE_PET: Rights = { owner: 'answered', other: 'NOT_FOUND', admin: 'answered', nobody: 'UNAUTHENTICATED' }
const WHOEVER_SIGNED_IN: Rights = { owner: 'answered', other: 'answered', admin: 'answered', nobody: 'UNAUTHENTICATED' }
const ADMINS: Rights = { owner: 'FORBIDDEN', other: 'FORBIDDEN', admin: 'answered', nobody: 'UNAUTHENTICATED' }

/** PET, PRODUCT, NAME (another one each time) and SELECTION are filled in. */
export type Root = { rights: Rights; ask: string }
/** A type's fields may be seen by whoever may ask the root they are reached through: none has a gate of its own. */
export type TypeEntry = {
  /** A root, and the way from there. */
  reached: readonly (readonly [root: string, path: string])[]
  fields: string
  /** Null in the demo until something makes it; else every way must lead to a value. */
  mayBeAbsent?: true
}
export type Table = { roots: Readonly<Record<string, Root>>; types: Readonly<Record<string, TypeEntry>> }

const PET_PAYLOADS = ['Mutation.createPet', 'Mutation.updatePet', 'Mutation.setPrimaryPet'] as const

/** Every field there is. A field that is not named here fails the test, and so does a name without a field. */
export const TABLE: Table = {
  roots: {
    'Query.viewer': { rights: WHOEVER_SIGNED_IN, ask: 'viewer { SELECTION }' },
    'Query.pet': { rights: OF_THE_PET, ask: 'pet(id: "PET") { SELECTION }' },
    'Query.recommendations': { rights: OF_THE_PET, ask: 'recommendations(petId: "PET") { SELECTION }' },
    'Query.recommendationHistory': { rights: OF_THE_PET, ask: 'recommendationHistory(petId: "PET") { SELECTION }' },
    'Query.productMatchScore': { rights: OF_THE_PET, ask: 'productMatchScore(productId: "PRODUCT", petId: "PET") { SELECTION }' },
    'Query.product': { rights: WHOEVER_SIGNED_IN, ask: 'product(id: "PRODUCT") { SELECTION }' },
    'Query.products': { rights: WHOEVER_SIGNED_IN, ask: 'products(first: 2) { SELECTION }' },
    'Query.cacheStats': { rights: ADMINS, ask: 'cacheStats { SELECTION }' },
    'Query.cacheEntry': { rights: ADMINS, ask: 'cacheEntry(petId: "PET") { SELECTION }' },
    'Mutation.createPet': { rights: WHOEVER_SIGNED_IN, ask: 'createPet(input: { name: "NAME", species: DOG, weightKg: 5, approxAgeMonths: 20 }) { SELECTION }' },
    'Mutation.updatePet': { rights: OF_THE_PET, ask: 'updatePet(input: { petId: "PET", weightKg: 5.5 }) { SELECTION }' },
    'Mutation.deletePet': { rights: OF_THE_PET, ask: 'deletePet(petId: "PET") { SELECTION }' },
    'Mutation.setPrimaryPet': { rights: OF_THE_PET, ask: 'setPrimaryPet(petId: "PET") { SELECTION }' },
    'Mutation.updateRecommendationPreferences': { rights: WHOEVER_SIGNED_IN, ask: 'updateRecommendationPreferences(input: { maxPricePerKg: 90000 }) { SELECTION }' },
    'Mutation.generateExplanations': { rights: OF_THE_PET, ask: 'generateExplanations(petId: "PET") { SELECTION }' },
    'Mutation.clearRecommendationCache': { rights: OF_THE_PET, ask: 'clearRecommendationCache(petId: "PET") { SELECTION }' },
    'Mutation.clearAllRecommendationCaches': { rights: ADMINS, ask: 'clearAllRecommendationCaches { SELECTION }' },
    'Mutation.updateProduct': { rights: ADMINS, ask: 'updateProduct(input: { productId: "PRODUCT", claims: ["grain free"] }) { SELECTION }' },
  },
  types: {
    Viewer: { reached: [['Query.viewer', '']], fields: 'id isAdmin pets primaryPet preferences' },
    Pet: {
      reached: [['Query.pet', ''], ['Query.recommendations', 'pet'], ['Query.viewer', 'pets'], ['Query.viewer', 'primaryPet'], ...PET_PAYLOADS.map((root) => [root, 'pet'] as const)],
      fields: 'id name species breedCode sex isNeutered birthdate approxAgeMonths ageStage weightKg bodyConditionScore healthConcerns foodAllergies otherAllergies photoUrl isPrimary createdAt updatedAt recommendations',
    },
    RecommendationPreferences: {
      reached: [['Query.viewer', 'preferences'], ['Mutation.updateRecommendationPreferences', 'preferences']],
      fields: 'weightsPreset hardExcludeAllergens softAvoidIngredients maxPricePerKg sortPreference healthConcernPriority',
    },
    Recommendations: {
      reached: [['Query.recommendations', ''], ['Query.pet', 'recommendations'], ['Mutation.updatePet', 'pet.recommendations'], ['Mutation.generateExplanations', 'recommendations']],
      fields: 'petId pet runId items isCached source strategy lastRecommendedAt expiresAt emptyReason message',
    },
    RecommendationItem: {
      reached: [['Query.recommendations', 'items'], ['Query.pet', 'recommendations.items']],
      fields: 'rank product offer matchScore safetyScore fitnessScore scoreComponents matchReasons technicalExplanation expertExplanation animationExplanation ingredientCount mainIngredients allergyIngredients harmfulIngredients qualityChecklist dailyAmountG monthlyCost safetyBadges confidenceScore',
    },
    ScoreComponent: { reached: [['Query.recommendations', 'items.scoreComponents'], ['Query.productMatchScore', 'scoreComponents']], fields: 'name points maxPoints' },
    MatchReason: { reached: [['Query.recommendations', 'items.matchReasons'], ['Query.productMatchScore', 'matchReasons']], fields: 'code message points' },
    QualityCheck: { reached: [['Query.recommendations', 'items.qualityChecklist']], fields: 'code passed message' },
    ExpertExplanation: {
      reached: [['Mutation.generateExplanations', 'recommendations.items.expertExplanation']],
      fields: 'text confidence citations generatedAt model',
    },
    Citation: { reached: [['Mutation.generateExplanations', 'recommendations.items.expertExplanation.citations']], fields: 'title source excerpt' },
    Product: {
      reached: [['Query.recommendations', 'items.product'], ['Query.product', ''], ['Query.products', 'edges.node'], ['Mutation.updateProduct', 'product']],
      fields: 'id brandName productName sizeLabel species form lifeStage isActive ingredientsText nutrition allergens claims offers pricePerKg',
    },
    NutritionFacts: {
      reached: [['Query.recommendations', 'items.product.nutrition'], ['Query.product', 'nutrition']],
      fields: 'proteinPct fatPct fiberPct moisturePct ashPct calciumPct phosphorusPct kcalPer100g',
    },
    Offer: {
      reached: [['Query.recommendations', 'items.product.offers'], ['Query.recommendations', 'items.offer.offer'], ['Query.product', 'offers']],
      fields: 'id merchant url affiliateUrl sellerName currentPrice currency isPrimary',
    },
    PricedOffer: { reached: [['Query.recommendations', 'items.offer']], fields: 'offer currentPrice averagePrice deltaPercent isNewLow' },
    ProductMatchScore: {
      reached: [['Query.productMatchScore', '']],
      fields: 'productId petId matchScore safetyScore fitnessScore scoreComponents matchReasons isCached calculatedAt',
    },
    ProductConnection: { reached: [['Query.products', '']], fields: 'edges pageInfo' },
    ProductEdge: { reached: [['Query.products', 'edges']], fields: 'cursor node' },
    RecommendationRunConnection: { reached: [['Query.recommendationHistory', '']], fields: 'edges pageInfo' },
    RecommendationRunEdge: { reached: [['Query.recommendationHistory', 'edges']], fields: 'cursor node', mayBeAbsent: true },
    RecommendationRun: {
      reached: [['Query.recommendationHistory', 'edges.node'], ['Query.cacheEntry', 'postgres']],
      fields: 'id createdAt strategy isCurrent hasConditions emptyReason items', mayBeAbsent: true,
    },
    PageInfo: { reached: [['Query.products', 'pageInfo'], ['Query.recommendationHistory', 'pageInfo']], fields: 'hasNextPage hasPreviousPage startCursor endCursor' },
    CacheStats: { reached: [['Query.cacheStats', '']], fields: 'since hitRate tiers redis pendingInvalidations payloadBytes' },
    CacheTierStats: { reached: [['Query.cacheStats', 'tiers']], fields: 'source hits errors latencyMs' },
    RedisStatus: { reached: [['Query.cacheStats', 'redis']], fields: 'connected mode circuit usedMemoryBytes keyCount' },
    Distribution: { reached: [['Query.cacheStats', 'payloadBytes'], ['Query.cacheStats', 'tiers.latencyMs']], fields: 'count p50 p95 p99 max' },
    CacheEntry: { reached: [['Query.cacheEntry', '']], fields: 'petId redis postgres' },
    RedisCacheEntry: { reached: [['Query.cacheEntry', 'redis']], fields: 'runId createdAt expiresInSeconds sizeBytes encoding tags', mayBeAbsent: true },
    CreatePetPayload: { reached: [['Mutation.createPet', '']], fields: 'pet' },
    UpdatePetPayload: { reached: [['Mutation.updatePet', '']], fields: 'pet invalidation' },
    DeletePetPayload: { reached: [['Mutation.deletePet', '']], fields: 'petId invalidation' },
    SetPrimaryPetPayload: { reached: [['Mutation.setPrimaryPet', '']], fields: 'pet' },
    UpdateRecommendationPreferencesPayload: { reached: [['Mutation.updateRecommendationPreferences', '']], fields: 'preferences invalidation' },
    GenerateExplanationsPayload: { reached: [['Mutation.generateExplanations', '']], fields: 'recommendations' },
    ClearRecommendationCachePayload: { reached: [['Mutation.clearRecommendationCache', '']], fields: 'petId deletedRuns redisKeysDeleted invalidation' },
    ClearAllRecommendationCachesPayload: { reached: [['Mutation.clearAllRecommendationCaches', '']], fields: 'deletedRuns redisKeysDeleted invalidation' },
    UpdateProductPayload: { reached: [['Mutation.updateProduct', '']], fields: 'product affectedPets invalidation' },
  },
}
