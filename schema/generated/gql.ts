/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation ClearAllRecommendationCaches {\n  clearAllRecommendationCaches {\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}": typeof types.ClearAllRecommendationCachesDocument,
    "mutation ClearRecommendationCache($petId: ID!) {\n  clearRecommendationCache(petId: $petId) {\n    petId\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}": typeof types.ClearRecommendationCacheDocument,
    "mutation CreatePet($input: CreatePetInput!) {\n  createPet(input: $input) {\n    pet {\n      id\n      name\n      isPrimary\n    }\n  }\n}": typeof types.CreatePetDocument,
    "mutation DeletePet($petId: ID!) {\n  deletePet(petId: $petId) {\n    petId\n    invalidation\n  }\n}": typeof types.DeletePetDocument,
    "query MyPets {\n  viewer {\n    id\n    isAdmin\n    primaryPet {\n      id\n      name\n    }\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n    pets {\n      id\n      name\n      species\n      breedCode\n      sex\n      isNeutered\n      birthdate\n      approxAgeMonths\n      ageStage\n      weightKg\n      bodyConditionScore\n      healthConcerns\n      foodAllergies\n      otherAllergies\n      photoUrl\n      isPrimary\n      createdAt\n      updatedAt\n      recommendations {\n        source\n        items {\n          rank\n          matchScore\n          dailyAmountG\n          product {\n            brandName\n            productName\n          }\n        }\n      }\n    }\n  }\n}": typeof types.MyPetsDocument,
    "query ProductMatchScore($productId: ID!, $petId: ID!) {\n  productMatchScore(productId: $productId, petId: $petId) {\n    productId\n    petId\n    matchScore\n    safetyScore\n    fitnessScore\n    scoreComponents {\n      name\n      points\n      maxPoints\n    }\n    matchReasons {\n      code\n      message\n      points\n    }\n    isCached\n    calculatedAt\n  }\n}": typeof types.ProductMatchScoreDocument,
    "query Recommendations($petId: ID!, $forceRefresh: Boolean! = false, $conditions: RecommendationConditionsInput) {\n  recommendations(\n    petId: $petId\n    forceRefresh: $forceRefresh\n    conditions: $conditions\n  ) {\n    petId\n    runId\n    source\n    isCached\n    strategy\n    lastRecommendedAt\n    expiresAt\n    emptyReason\n    message\n    items {\n      rank\n      matchScore\n      safetyScore\n      fitnessScore\n      confidenceScore\n      dailyAmountG\n      monthlyCost\n      safetyBadges\n      technicalExplanation\n      animationExplanation\n      mainIngredients\n      allergyIngredients\n      harmfulIngredients\n      ingredientCount\n      scoreComponents {\n        name\n        points\n        maxPoints\n      }\n      matchReasons {\n        code\n        message\n        points\n      }\n      qualityChecklist {\n        code\n        passed\n        message\n      }\n      offer {\n        currentPrice\n        averagePrice\n        deltaPercent\n        isNewLow\n        offer {\n          id\n          merchant\n          url\n          currency\n        }\n      }\n      product {\n        id\n        brandName\n        productName\n        sizeLabel\n        species\n        form\n        lifeStage\n        isActive\n        ingredientsText\n        allergens\n        claims\n        pricePerKg\n        nutrition {\n          proteinPct\n          fatPct\n          fiberPct\n          moisturePct\n          ashPct\n          calciumPct\n          phosphorusPct\n          kcalPer100g\n        }\n        offers {\n          id\n          merchant\n          url\n          affiliateUrl\n          sellerName\n          currentPrice\n          currency\n          isPrimary\n        }\n      }\n    }\n  }\n}": typeof types.RecommendationsDocument,
    "mutation SetPrimaryPet($petId: ID!) {\n  setPrimaryPet(petId: $petId) {\n    pet {\n      id\n      isPrimary\n    }\n  }\n}": typeof types.SetPrimaryPetDocument,
    "mutation UpdatePet($input: UpdatePetInput!) {\n  updatePet(input: $input) {\n    invalidation\n    pet {\n      id\n      name\n      breedCode\n      weightKg\n      birthdate\n      approxAgeMonths\n      healthConcerns\n      foodAllergies\n      otherAllergies\n    }\n  }\n}": typeof types.UpdatePetDocument,
    "mutation UpdatePetWeight($petId: ID!, $weightKg: Float!) {\n  updatePet(input: {petId: $petId, weightKg: $weightKg}) {\n    invalidation\n    pet {\n      id\n      weightKg\n      recommendations {\n        source\n        items {\n          rank\n          dailyAmountG\n          product {\n            productName\n          }\n        }\n      }\n    }\n  }\n}": typeof types.UpdatePetWeightDocument,
    "mutation UpdatePreferences($input: RecommendationPreferencesInput!) {\n  updateRecommendationPreferences(input: $input) {\n    invalidation\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n  }\n}": typeof types.UpdatePreferencesDocument,
};
const documents: Documents = {
    "mutation ClearAllRecommendationCaches {\n  clearAllRecommendationCaches {\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}": types.ClearAllRecommendationCachesDocument,
    "mutation ClearRecommendationCache($petId: ID!) {\n  clearRecommendationCache(petId: $petId) {\n    petId\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}": types.ClearRecommendationCacheDocument,
    "mutation CreatePet($input: CreatePetInput!) {\n  createPet(input: $input) {\n    pet {\n      id\n      name\n      isPrimary\n    }\n  }\n}": types.CreatePetDocument,
    "mutation DeletePet($petId: ID!) {\n  deletePet(petId: $petId) {\n    petId\n    invalidation\n  }\n}": types.DeletePetDocument,
    "query MyPets {\n  viewer {\n    id\n    isAdmin\n    primaryPet {\n      id\n      name\n    }\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n    pets {\n      id\n      name\n      species\n      breedCode\n      sex\n      isNeutered\n      birthdate\n      approxAgeMonths\n      ageStage\n      weightKg\n      bodyConditionScore\n      healthConcerns\n      foodAllergies\n      otherAllergies\n      photoUrl\n      isPrimary\n      createdAt\n      updatedAt\n      recommendations {\n        source\n        items {\n          rank\n          matchScore\n          dailyAmountG\n          product {\n            brandName\n            productName\n          }\n        }\n      }\n    }\n  }\n}": types.MyPetsDocument,
    "query ProductMatchScore($productId: ID!, $petId: ID!) {\n  productMatchScore(productId: $productId, petId: $petId) {\n    productId\n    petId\n    matchScore\n    safetyScore\n    fitnessScore\n    scoreComponents {\n      name\n      points\n      maxPoints\n    }\n    matchReasons {\n      code\n      message\n      points\n    }\n    isCached\n    calculatedAt\n  }\n}": types.ProductMatchScoreDocument,
    "query Recommendations($petId: ID!, $forceRefresh: Boolean! = false, $conditions: RecommendationConditionsInput) {\n  recommendations(\n    petId: $petId\n    forceRefresh: $forceRefresh\n    conditions: $conditions\n  ) {\n    petId\n    runId\n    source\n    isCached\n    strategy\n    lastRecommendedAt\n    expiresAt\n    emptyReason\n    message\n    items {\n      rank\n      matchScore\n      safetyScore\n      fitnessScore\n      confidenceScore\n      dailyAmountG\n      monthlyCost\n      safetyBadges\n      technicalExplanation\n      animationExplanation\n      mainIngredients\n      allergyIngredients\n      harmfulIngredients\n      ingredientCount\n      scoreComponents {\n        name\n        points\n        maxPoints\n      }\n      matchReasons {\n        code\n        message\n        points\n      }\n      qualityChecklist {\n        code\n        passed\n        message\n      }\n      offer {\n        currentPrice\n        averagePrice\n        deltaPercent\n        isNewLow\n        offer {\n          id\n          merchant\n          url\n          currency\n        }\n      }\n      product {\n        id\n        brandName\n        productName\n        sizeLabel\n        species\n        form\n        lifeStage\n        isActive\n        ingredientsText\n        allergens\n        claims\n        pricePerKg\n        nutrition {\n          proteinPct\n          fatPct\n          fiberPct\n          moisturePct\n          ashPct\n          calciumPct\n          phosphorusPct\n          kcalPer100g\n        }\n        offers {\n          id\n          merchant\n          url\n          affiliateUrl\n          sellerName\n          currentPrice\n          currency\n          isPrimary\n        }\n      }\n    }\n  }\n}": types.RecommendationsDocument,
    "mutation SetPrimaryPet($petId: ID!) {\n  setPrimaryPet(petId: $petId) {\n    pet {\n      id\n      isPrimary\n    }\n  }\n}": types.SetPrimaryPetDocument,
    "mutation UpdatePet($input: UpdatePetInput!) {\n  updatePet(input: $input) {\n    invalidation\n    pet {\n      id\n      name\n      breedCode\n      weightKg\n      birthdate\n      approxAgeMonths\n      healthConcerns\n      foodAllergies\n      otherAllergies\n    }\n  }\n}": types.UpdatePetDocument,
    "mutation UpdatePetWeight($petId: ID!, $weightKg: Float!) {\n  updatePet(input: {petId: $petId, weightKg: $weightKg}) {\n    invalidation\n    pet {\n      id\n      weightKg\n      recommendations {\n        source\n        items {\n          rank\n          dailyAmountG\n          product {\n            productName\n          }\n        }\n      }\n    }\n  }\n}": types.UpdatePetWeightDocument,
    "mutation UpdatePreferences($input: RecommendationPreferencesInput!) {\n  updateRecommendationPreferences(input: $input) {\n    invalidation\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n  }\n}": types.UpdatePreferencesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ClearAllRecommendationCaches {\n  clearAllRecommendationCaches {\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}"): typeof import('./graphql.ts').ClearAllRecommendationCachesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ClearRecommendationCache($petId: ID!) {\n  clearRecommendationCache(petId: $petId) {\n    petId\n    deletedRuns\n    redisKeysDeleted\n    invalidation\n  }\n}"): typeof import('./graphql.ts').ClearRecommendationCacheDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation CreatePet($input: CreatePetInput!) {\n  createPet(input: $input) {\n    pet {\n      id\n      name\n      isPrimary\n    }\n  }\n}"): typeof import('./graphql.ts').CreatePetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeletePet($petId: ID!) {\n  deletePet(petId: $petId) {\n    petId\n    invalidation\n  }\n}"): typeof import('./graphql.ts').DeletePetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query MyPets {\n  viewer {\n    id\n    isAdmin\n    primaryPet {\n      id\n      name\n    }\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n    pets {\n      id\n      name\n      species\n      breedCode\n      sex\n      isNeutered\n      birthdate\n      approxAgeMonths\n      ageStage\n      weightKg\n      bodyConditionScore\n      healthConcerns\n      foodAllergies\n      otherAllergies\n      photoUrl\n      isPrimary\n      createdAt\n      updatedAt\n      recommendations {\n        source\n        items {\n          rank\n          matchScore\n          dailyAmountG\n          product {\n            brandName\n            productName\n          }\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').MyPetsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query ProductMatchScore($productId: ID!, $petId: ID!) {\n  productMatchScore(productId: $productId, petId: $petId) {\n    productId\n    petId\n    matchScore\n    safetyScore\n    fitnessScore\n    scoreComponents {\n      name\n      points\n      maxPoints\n    }\n    matchReasons {\n      code\n      message\n      points\n    }\n    isCached\n    calculatedAt\n  }\n}"): typeof import('./graphql.ts').ProductMatchScoreDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Recommendations($petId: ID!, $forceRefresh: Boolean! = false, $conditions: RecommendationConditionsInput) {\n  recommendations(\n    petId: $petId\n    forceRefresh: $forceRefresh\n    conditions: $conditions\n  ) {\n    petId\n    runId\n    source\n    isCached\n    strategy\n    lastRecommendedAt\n    expiresAt\n    emptyReason\n    message\n    items {\n      rank\n      matchScore\n      safetyScore\n      fitnessScore\n      confidenceScore\n      dailyAmountG\n      monthlyCost\n      safetyBadges\n      technicalExplanation\n      animationExplanation\n      mainIngredients\n      allergyIngredients\n      harmfulIngredients\n      ingredientCount\n      scoreComponents {\n        name\n        points\n        maxPoints\n      }\n      matchReasons {\n        code\n        message\n        points\n      }\n      qualityChecklist {\n        code\n        passed\n        message\n      }\n      offer {\n        currentPrice\n        averagePrice\n        deltaPercent\n        isNewLow\n        offer {\n          id\n          merchant\n          url\n          currency\n        }\n      }\n      product {\n        id\n        brandName\n        productName\n        sizeLabel\n        species\n        form\n        lifeStage\n        isActive\n        ingredientsText\n        allergens\n        claims\n        pricePerKg\n        nutrition {\n          proteinPct\n          fatPct\n          fiberPct\n          moisturePct\n          ashPct\n          calciumPct\n          phosphorusPct\n          kcalPer100g\n        }\n        offers {\n          id\n          merchant\n          url\n          affiliateUrl\n          sellerName\n          currentPrice\n          currency\n          isPrimary\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').RecommendationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SetPrimaryPet($petId: ID!) {\n  setPrimaryPet(petId: $petId) {\n    pet {\n      id\n      isPrimary\n    }\n  }\n}"): typeof import('./graphql.ts').SetPrimaryPetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdatePet($input: UpdatePetInput!) {\n  updatePet(input: $input) {\n    invalidation\n    pet {\n      id\n      name\n      breedCode\n      weightKg\n      birthdate\n      approxAgeMonths\n      healthConcerns\n      foodAllergies\n      otherAllergies\n    }\n  }\n}"): typeof import('./graphql.ts').UpdatePetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdatePetWeight($petId: ID!, $weightKg: Float!) {\n  updatePet(input: {petId: $petId, weightKg: $weightKg}) {\n    invalidation\n    pet {\n      id\n      weightKg\n      recommendations {\n        source\n        items {\n          rank\n          dailyAmountG\n          product {\n            productName\n          }\n        }\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').UpdatePetWeightDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdatePreferences($input: RecommendationPreferencesInput!) {\n  updateRecommendationPreferences(input: $input) {\n    invalidation\n    preferences {\n      weightsPreset\n      hardExcludeAllergens\n      softAvoidIngredients\n      maxPricePerKg\n      sortPreference\n      healthConcernPriority\n    }\n  }\n}"): typeof import('./graphql.ts').UpdatePreferencesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
