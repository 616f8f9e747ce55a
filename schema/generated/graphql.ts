/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How grown up a pet is. PUPPY also stands for kittens. */
export type AgeStage =
  | 'ADULT'
  | 'PUPPY'
  | 'SENIOR';

/** Foods that pets are commonly allergic to. */
export type Allergen =
  | 'BEEF'
  | 'CHICKEN'
  | 'CORN'
  | 'DAIRY'
  | 'DUCK'
  | 'EGG'
  | 'FISH'
  | 'LAMB'
  | 'PEA'
  | 'PORK'
  | 'POTATO'
  | 'RICE'
  | 'SOY'
  | 'TURKEY'
  | 'WHEAT';

/** CLOSED: Redis is used. OPEN: it failed and is left alone. HALF_OPEN: it is being tried. */
export type CircuitState =
  | 'CLOSED'
  | 'HALF_OPEN'
  | 'OPEN';

/** A new pet. */
export type CreatePetInput = {
  /** Exactly one of birthdate and approxAgeMonths; 0 to 480. */
  approxAgeMonths?: number | null | undefined;
  /** Exactly one of birthdate and approxAgeMonths. */
  birthdate?: string | null | undefined;
  /** 1 (emaciated) to 9 (obese). Left out: 5. */
  bodyConditionScore?: number | null | undefined;
  /** Such as LABRADOR_RETRIEVER. */
  breedCode?: string | null | undefined;
  /** Foods with any of these are never recommended. */
  foodAllergies?: Array<Allergen> | null | undefined;
  /** What its food should help with. */
  healthConcerns?: Array<HealthConcern> | null | undefined;
  /** Left out: unknown. */
  isNeutered?: boolean | null | undefined;
  /** Left out: true for the first pet. */
  isPrimary?: boolean | null | undefined;
  /** Unique among the viewer's pets; 50 characters at most. */
  name: string;
  /** Other ingredients, in words; 500 characters at most. */
  otherAllergies?: string | null | undefined;
  /** An http or https URL. */
  photoUrl?: string | null | undefined;
  /** Left out: UNKNOWN. */
  sex?: Sex | null | undefined;
  /** Dog or cat. */
  species: Species;
  /** Kilograms, 0.1 to 150. */
  weightKg: number;
};

/** Why a recommendation holds no food. */
export type EmptyReason =
  | 'ALL_UNSAFE'
  | 'NO_MATCH'
  | 'NO_PRODUCTS'
  | 'NO_SPECIES_MATCH'
  | 'OVER_BUDGET';

/** What an owner wants a food to help with. */
export type HealthConcern =
  | 'DENTAL'
  | 'DIABETES'
  | 'DIGESTIVE'
  | 'EYE'
  | 'HEART'
  | 'IMMUNE'
  | 'JOINT'
  | 'KIDNEY'
  | 'OBESITY'
  | 'RESPIRATORY'
  | 'SKIN_ALLERGY'
  | 'SKIN_COAT'
  | 'URINARY';

/** The ages a food is made for. PUPPY also stands for kittens. */
export type LifeStage =
  | 'ADULT'
  | 'ALL'
  | 'PUPPY'
  | 'SENIOR';

/** The language of words made for people. */
export type Locale =
  | 'EN'
  | 'KO';

/** Where a food is sold. */
export type Merchant =
  | 'BRAND'
  | 'COUPANG'
  | 'NAVER'
  | 'OTHER';

/** As fed. A figure left out stays; null: the label does not say. Sums over 100 are taken: labels print minima and maxima. */
export type NutritionFactsInput = {
  /** Crude ash, percent by weight. 0 to 100. */
  ashPct?: number | null | undefined;
  /** Calcium, percent by weight. 0 to 100. */
  calciumPct?: number | null | undefined;
  /** Crude fat, percent by weight. 0 to 100. */
  fatPct?: number | null | undefined;
  /** Crude fibre, percent by weight. 0 to 100. */
  fiberPct?: number | null | undefined;
  /** Metabolisable energy, kcal per 100 g. 10 to 950. */
  kcalPer100g?: number | null | undefined;
  /** Moisture, percent by weight. 0 to 100. */
  moisturePct?: number | null | undefined;
  /** Phosphorus, percent by weight. 0 to 100. */
  phosphorusPct?: number | null | undefined;
  /** Crude protein, percent by weight. 0 to 100. */
  proteinPct?: number | null | undefined;
};

/** What kind of food it is. */
export type ProductForm =
  | 'DRY'
  | 'OTHER'
  | 'RAW'
  | 'TREAT'
  | 'WET';

/** What the viewer asks for this once. Each distinct set of conditions is cached on its own and never mixes with another. */
export type RecommendationConditionsInput = {
  /** These stand in for the pet's own concerns, and count double. */
  emphasizedConcerns?: Array<HealthConcern> | null | undefined;
  /** Stands in for the owner's preference of the same name. */
  healthConcernPriority?: boolean | null | undefined;
  /** Grams a day, at most. */
  maxDailyAmountG?: number | null | undefined;
  /** KRW a month. */
  maxMonthlyBudget?: number | null | undefined;
  /** Grams a day, at least. */
  minDailyAmountG?: number | null | undefined;
};

/** A field left out stays; null sets it back to its default. */
export type RecommendationPreferencesInput = {
  /** Foods with any of these are never recommended. */
  hardExcludeAllergens?: Array<Allergen> | null | undefined;
  /** Whether health concerns weigh half as much again. */
  healthConcernPriority?: boolean | null | undefined;
  /** KRW per kg. */
  maxPricePerKg?: number | null | undefined;
  /** Ingredients the owner would rather avoid, in words. Foods with one lose points. 50 at most, of 60 characters. */
  softAvoidIngredients?: Array<string> | null | undefined;
  /** What decides between equal totals. */
  sortPreference?: SortPreference | null | undefined;
  /** How safety and fitness weigh in the total. */
  weightsPreset?: WeightsPreset | null | undefined;
};

/** Which tier answered. */
export type RecommendationSource =
  | 'COMPUTED'
  | 'MEMORY'
  | 'POSTGRES'
  | 'REDIS';

/** The rules or the model that made a recommendation. */
export type RecommendationStrategy =
  | 'ML_V1'
  | 'RULE_V1'
  | 'RULE_V2';

/** CLEARED: gone from Redis when the mutation returned. QUEUED: Redis could not be reached; the invalidation is recorded durably and is delivered before Redis is read again. */
export type RedisInvalidation =
  | 'CLEARED'
  | 'QUEUED';

/** What sets a food apart as safe. */
export type SafetyBadge =
  | 'ALLERGY_SAFE'
  | 'HIGH_QUALITY'
  | 'NO_HARMFUL_INGREDIENTS';

/** The sex of a pet, where it is known. */
export type Sex =
  | 'FEMALE'
  | 'MALE'
  | 'UNKNOWN';

/** What decides between foods of the same score: safety, or with PRICE_ASC the price per kg first. */
export type SortPreference =
  | 'DEFAULT'
  | 'PRICE_ASC';

/** The animals this gateway knows foods for. */
export type Species =
  | 'CAT'
  | 'DOG';

/** A field left out stays; null clears it where it can be empty. */
export type UpdatePetInput = {
  /** Takes the place of a birthdate; 0 to 480. */
  approxAgeMonths?: number | null | undefined;
  /** Takes the place of an approximate age. */
  birthdate?: string | null | undefined;
  /** 1 (emaciated) to 9 (obese). */
  bodyConditionScore?: number | null | undefined;
  /** Such as LABRADOR_RETRIEVER. */
  breedCode?: string | null | undefined;
  /** All of them: the list takes the place of the one before. */
  foodAllergies?: Array<Allergen> | null | undefined;
  /** All of them: the list takes the place of the one before. */
  healthConcerns?: Array<HealthConcern> | null | undefined;
  /** Null: unknown. */
  isNeutered?: boolean | null | undefined;
  /** Unique among the owner's pets; 50 characters at most. */
  name?: string | null | undefined;
  /** Other ingredients, in words; 500 characters at most. */
  otherAllergies?: string | null | undefined;
  /** A UUID. */
  petId: string;
  /** An http or https URL. */
  photoUrl?: string | null | undefined;
  /** Its sex. */
  sex?: Sex | null | undefined;
  /** Kilograms, 0.1 to 150. */
  weightKg?: number | null | undefined;
};

/** A field left out stays; null clears it where it can be empty (ingredientsText, lifeStage, nutrition). What differs from the product as it is becomes a correction: later imports leave it, and go on with every other field. */
export type UpdateProductInput = {
  /** All that it holds, in the place of what was found in the ingredient list. What was not found there counts as declared, with high confidence. A later import keeps what was declared and what was left out here, and adds what a new recipe brings in. */
  allergens?: Array<Allergen> | null | undefined;
  /** What the pack promises, all of it: 200 at most, of 500 characters. */
  claims?: Array<string> | null | undefined;
  /** The ingredient list as printed, 20,000 characters at most. Without `allergens` it is analysed anew; allergens that were declared stay. */
  ingredientsText?: string | null | undefined;
  /** Whether it may be recommended. */
  isActive?: boolean | null | undefined;
  /** Null: the label does not say. */
  lifeStage?: LifeStage | null | undefined;
  /** The figures that change. Null: the label says none. */
  nutrition?: NutritionFactsInput | null | undefined;
  /** A UUID. */
  productId: string;
  /** 500 characters at most. */
  productName?: string | null | undefined;
};

/** How safety and fitness weigh in the total: SAFE 0.7/0.3, BALANCED 0.6/0.4, VALUE 0.5/0.5. */
export type WeightsPreset =
  | 'BALANCED'
  | 'SAFE'
  | 'VALUE';

export type CacheEntryQueryVariables = Exact<{
  petId: string;
}>;


export type CacheEntryQuery = { cacheEntry: { petId: string, redis: { runId: string, createdAt: string, expiresInSeconds: number, sizeBytes: number, encoding: string, tags: Array<string> } | null, postgres: { id: string, createdAt: string, strategy: RecommendationStrategy, isCurrent: boolean, hasConditions: boolean, items: Array<{ rank: number, matchScore: number, product: { id: string, productName: string } }> } | null } };

export type CacheStatsQueryVariables = Exact<{ [key: string]: never; }>;


export type CacheStatsQuery = { cacheStats: { since: string, hitRate: number, pendingInvalidations: number, tiers: Array<{ source: RecommendationSource, hits: number, errors: number, latencyMs: { count: number, p50: number | null, p95: number | null, p99: number | null, max: number | null } }>, redis: { connected: boolean, mode: string, circuit: CircuitState, usedMemoryBytes: number | null, keyCount: number | null }, payloadBytes: { count: number, p50: number | null, p95: number | null, p99: number | null, max: number | null } } };

export type ClearAllRecommendationCachesMutationVariables = Exact<{ [key: string]: never; }>;


export type ClearAllRecommendationCachesMutation = { clearAllRecommendationCaches: { deletedRuns: number, redisKeysDeleted: number, invalidation: RedisInvalidation } };

export type ClearRecommendationCacheMutationVariables = Exact<{
  petId: string;
}>;


export type ClearRecommendationCacheMutation = { clearRecommendationCache: { petId: string, deletedRuns: number, redisKeysDeleted: number, invalidation: RedisInvalidation } };

export type CreatePetMutationVariables = Exact<{
  input: CreatePetInput;
}>;


export type CreatePetMutation = { createPet: { pet: { id: string, name: string, isPrimary: boolean } } };

export type DeletePetMutationVariables = Exact<{
  petId: string;
}>;


export type DeletePetMutation = { deletePet: { petId: string, invalidation: RedisInvalidation } };

export type GenerateExplanationsMutationVariables = Exact<{
  petId: string;
  locale?: Locale | null | undefined;
}>;


export type GenerateExplanationsMutation = { generateExplanations: { recommendations: { petId: string, runId: string | null, source: RecommendationSource, isCached: boolean, lastRecommendedAt: string | null, expiresAt: string | null, items: Array<{ rank: number, product: { id: string, brandName: string, productName: string }, expertExplanation: { text: string, confidence: number, model: string, generatedAt: string, citations: Array<{ title: string, source: string, excerpt: string }> } | null }> } } };

export type MyPetsQueryVariables = Exact<{ [key: string]: never; }>;


export type MyPetsQuery = { viewer: { id: string, isAdmin: boolean, primaryPet: { id: string, name: string } | null, preferences: { weightsPreset: WeightsPreset, hardExcludeAllergens: Array<Allergen>, softAvoidIngredients: Array<string>, maxPricePerKg: number | null, sortPreference: SortPreference, healthConcernPriority: boolean }, pets: Array<{ id: string, name: string, species: Species, breedCode: string | null, sex: Sex, isNeutered: boolean | null, birthdate: string | null, approxAgeMonths: number | null, ageStage: AgeStage, weightKg: number, bodyConditionScore: number, healthConcerns: Array<HealthConcern>, foodAllergies: Array<Allergen>, otherAllergies: string | null, photoUrl: string | null, isPrimary: boolean, createdAt: string, updatedAt: string, recommendations: { source: RecommendationSource, items: Array<{ rank: number, matchScore: number, dailyAmountG: number | null, product: { brandName: string, productName: string } }> } }> } };

export type ProductQueryVariables = Exact<{
  id: string;
}>;


export type ProductQuery = { product: { id: string, brandName: string, productName: string, sizeLabel: string | null, species: Species | null, form: ProductForm, lifeStage: LifeStage | null, isActive: boolean, ingredientsText: string | null, allergens: Array<Allergen>, claims: Array<string>, pricePerKg: number | null, nutrition: { proteinPct: number | null, fatPct: number | null, fiberPct: number | null, moisturePct: number | null, ashPct: number | null, calciumPct: number | null, phosphorusPct: number | null, kcalPer100g: number | null } | null, offers: Array<{ id: string, merchant: Merchant, url: string, affiliateUrl: string | null, sellerName: string | null, currentPrice: number | null, currency: string, isPrimary: boolean }> } | null };

export type ProductMatchScoreQueryVariables = Exact<{
  productId: string;
  petId: string;
}>;


export type ProductMatchScoreQuery = { productMatchScore: { productId: string, petId: string, matchScore: number, safetyScore: number, fitnessScore: number, isCached: boolean, calculatedAt: string, scoreComponents: Array<{ name: string, points: number, maxPoints: number }>, matchReasons: Array<{ code: string, message: string, points: number | null }> } };

export type ProductsQueryVariables = Exact<{
  species?: Species | null | undefined;
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ProductsQuery = { products: { edges: Array<{ cursor: string, node: { id: string, brandName: string, productName: string, sizeLabel: string | null, species: Species | null, lifeStage: LifeStage | null, pricePerKg: number | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type RecommendationHistoryQueryVariables = Exact<{
  petId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RecommendationHistoryQuery = { recommendationHistory: { edges: Array<{ cursor: string, node: { id: string, createdAt: string, strategy: RecommendationStrategy, isCurrent: boolean, hasConditions: boolean, emptyReason: EmptyReason | null, items: Array<{ rank: number, matchScore: number, dailyAmountG: number | null, monthlyCost: number | null, product: { id: string, brandName: string, productName: string, sizeLabel: string | null } }> } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type RecommendationsQueryVariables = Exact<{
  petId: string;
  forceRefresh?: boolean;
  conditions?: RecommendationConditionsInput | null | undefined;
}>;


export type RecommendationsQuery = { recommendations: { petId: string, runId: string | null, source: RecommendationSource, isCached: boolean, strategy: RecommendationStrategy, lastRecommendedAt: string | null, expiresAt: string | null, emptyReason: EmptyReason | null, message: string | null, items: Array<{ rank: number, matchScore: number, safetyScore: number, fitnessScore: number, confidenceScore: number, dailyAmountG: number | null, monthlyCost: number | null, safetyBadges: Array<SafetyBadge>, technicalExplanation: string, animationExplanation: string | null, mainIngredients: Array<string>, allergyIngredients: Array<string>, harmfulIngredients: Array<string>, ingredientCount: number | null, expertExplanation: { text: string, confidence: number, model: string, generatedAt: string, citations: Array<{ title: string, source: string, excerpt: string }> } | null, scoreComponents: Array<{ name: string, points: number, maxPoints: number }>, matchReasons: Array<{ code: string, message: string, points: number | null }>, qualityChecklist: Array<{ code: string, passed: boolean, message: string }>, offer: { currentPrice: number | null, averagePrice: number | null, deltaPercent: number | null, isNewLow: boolean, offer: { id: string, merchant: Merchant, url: string, currency: string } } | null, product: { id: string, brandName: string, productName: string, sizeLabel: string | null, species: Species | null, form: ProductForm, lifeStage: LifeStage | null, isActive: boolean, ingredientsText: string | null, allergens: Array<Allergen>, claims: Array<string>, pricePerKg: number | null, nutrition: { proteinPct: number | null, fatPct: number | null, fiberPct: number | null, moisturePct: number | null, ashPct: number | null, calciumPct: number | null, phosphorusPct: number | null, kcalPer100g: number | null } | null, offers: Array<{ id: string, merchant: Merchant, url: string, affiliateUrl: string | null, sellerName: string | null, currentPrice: number | null, currency: string, isPrimary: boolean }> } }> } };

export type SetPrimaryPetMutationVariables = Exact<{
  petId: string;
}>;


export type SetPrimaryPetMutation = { setPrimaryPet: { pet: { id: string, isPrimary: boolean } } };

export type UpdatePetMutationVariables = Exact<{
  input: UpdatePetInput;
}>;


export type UpdatePetMutation = { updatePet: { invalidation: RedisInvalidation, pet: { id: string, name: string, breedCode: string | null, weightKg: number, birthdate: string | null, approxAgeMonths: number | null, healthConcerns: Array<HealthConcern>, foodAllergies: Array<Allergen>, otherAllergies: string | null } } };

export type UpdatePetWeightMutationVariables = Exact<{
  petId: string;
  weightKg: number;
}>;


export type UpdatePetWeightMutation = { updatePet: { invalidation: RedisInvalidation, pet: { id: string, weightKg: number, recommendations: { source: RecommendationSource, items: Array<{ rank: number, dailyAmountG: number | null, product: { productName: string } }> } } } };

export type UpdatePreferencesMutationVariables = Exact<{
  input: RecommendationPreferencesInput;
}>;


export type UpdatePreferencesMutation = { updateRecommendationPreferences: { invalidation: RedisInvalidation, preferences: { weightsPreset: WeightsPreset, hardExcludeAllergens: Array<Allergen>, softAvoidIngredients: Array<string>, maxPricePerKg: number | null, sortPreference: SortPreference, healthConcernPriority: boolean } } };

export type UpdateProductMutationVariables = Exact<{
  input: UpdateProductInput;
}>;


export type UpdateProductMutation = { updateProduct: { affectedPets: number, invalidation: RedisInvalidation, product: { id: string, productName: string, lifeStage: LifeStage | null, isActive: boolean, ingredientsText: string | null, allergens: Array<Allergen>, claims: Array<string>, nutrition: { proteinPct: number | null, fatPct: number | null, fiberPct: number | null, moisturePct: number | null, ashPct: number | null, calciumPct: number | null, phosphorusPct: number | null, kcalPer100g: number | null } | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const CacheEntryDocument = new TypedDocumentString(`
    query CacheEntry($petId: ID!) {
  cacheEntry(petId: $petId) {
    petId
    redis {
      runId
      createdAt
      expiresInSeconds
      sizeBytes
      encoding
      tags
    }
    postgres {
      id
      createdAt
      strategy
      isCurrent
      hasConditions
      items {
        rank
        matchScore
        product {
          id
          productName
        }
      }
    }
  }
}
    `, {"hash":"sha256:e960f2cf8237fc41f900f42a7f6b41aadb2dcc464cf14f8f7a6728f000692fea"}) as unknown as TypedDocumentString<CacheEntryQuery, CacheEntryQueryVariables>;
export const CacheStatsDocument = new TypedDocumentString(`
    query CacheStats {
  cacheStats {
    since
    hitRate
    tiers {
      source
      hits
      errors
      latencyMs {
        count
        p50
        p95
        p99
        max
      }
    }
    redis {
      connected
      mode
      circuit
      usedMemoryBytes
      keyCount
    }
    pendingInvalidations
    payloadBytes {
      count
      p50
      p95
      p99
      max
    }
  }
}
    `, {"hash":"sha256:b99e771e91e42622563cd0f5f816eead2fa17e656273634baa158f1219f5c855"}) as unknown as TypedDocumentString<CacheStatsQuery, CacheStatsQueryVariables>;
export const ClearAllRecommendationCachesDocument = new TypedDocumentString(`
    mutation ClearAllRecommendationCaches {
  clearAllRecommendationCaches {
    deletedRuns
    redisKeysDeleted
    invalidation
  }
}
    `, {"hash":"sha256:f848000075c2a7e3277ba22d7265502e9916fea302aebfdb3bdfb601b735061a"}) as unknown as TypedDocumentString<ClearAllRecommendationCachesMutation, ClearAllRecommendationCachesMutationVariables>;
export const ClearRecommendationCacheDocument = new TypedDocumentString(`
    mutation ClearRecommendationCache($petId: ID!) {
  clearRecommendationCache(petId: $petId) {
    petId
    deletedRuns
    redisKeysDeleted
    invalidation
  }
}
    `, {"hash":"sha256:79012e101c00ce4f56aa33d0a453608a47c3a5851c31a49d6ddfc86862fa66ac"}) as unknown as TypedDocumentString<ClearRecommendationCacheMutation, ClearRecommendationCacheMutationVariables>;
export const CreatePetDocument = new TypedDocumentString(`
    mutation CreatePet($input: CreatePetInput!) {
  createPet(input: $input) {
    pet {
      id
      name
      isPrimary
    }
  }
}
    `, {"hash":"sha256:cc6d12f472aea4b11cd04869f1b306cf4941b405c11abd39af84b2e6d8094469"}) as unknown as TypedDocumentString<CreatePetMutation, CreatePetMutationVariables>;
export const DeletePetDocument = new TypedDocumentString(`
    mutation DeletePet($petId: ID!) {
  deletePet(petId: $petId) {
    petId
    invalidation
  }
}
    `, {"hash":"sha256:5f918cd9ceba7651c923a7821b8db0768b0742b2c175c8280b38bdf12c439606"}) as unknown as TypedDocumentString<DeletePetMutation, DeletePetMutationVariables>;
export const GenerateExplanationsDocument = new TypedDocumentString(`
    mutation GenerateExplanations($petId: ID!, $locale: Locale) {
  generateExplanations(petId: $petId, locale: $locale) {
    recommendations {
      petId
      runId
      source
      isCached
      lastRecommendedAt
      expiresAt
      items {
        rank
        product {
          id
          brandName
          productName
        }
        expertExplanation(locale: $locale) {
          text
          confidence
          model
          generatedAt
          citations {
            title
            source
            excerpt
          }
        }
      }
    }
  }
}
    `, {"hash":"sha256:726dcb5134786a42716b4a6695cfcb6cb051d986ed1908637bafb40e5c83dfff"}) as unknown as TypedDocumentString<GenerateExplanationsMutation, GenerateExplanationsMutationVariables>;
export const MyPetsDocument = new TypedDocumentString(`
    query MyPets {
  viewer {
    id
    isAdmin
    primaryPet {
      id
      name
    }
    preferences {
      weightsPreset
      hardExcludeAllergens
      softAvoidIngredients
      maxPricePerKg
      sortPreference
      healthConcernPriority
    }
    pets {
      id
      name
      species
      breedCode
      sex
      isNeutered
      birthdate
      approxAgeMonths
      ageStage
      weightKg
      bodyConditionScore
      healthConcerns
      foodAllergies
      otherAllergies
      photoUrl
      isPrimary
      createdAt
      updatedAt
      recommendations {
        source
        items {
          rank
          matchScore
          dailyAmountG
          product {
            brandName
            productName
          }
        }
      }
    }
  }
}
    `, {"hash":"sha256:75d30798d7d6ee612cbb3a68e4a87438d629d8009528b6177564b28a72503aa6"}) as unknown as TypedDocumentString<MyPetsQuery, MyPetsQueryVariables>;
export const ProductDocument = new TypedDocumentString(`
    query Product($id: ID!) {
  product(id: $id) {
    id
    brandName
    productName
    sizeLabel
    species
    form
    lifeStage
    isActive
    ingredientsText
    allergens
    claims
    pricePerKg
    nutrition {
      proteinPct
      fatPct
      fiberPct
      moisturePct
      ashPct
      calciumPct
      phosphorusPct
      kcalPer100g
    }
    offers {
      id
      merchant
      url
      affiliateUrl
      sellerName
      currentPrice
      currency
      isPrimary
    }
  }
}
    `, {"hash":"sha256:6370b72c89725ea6ea0ede92964842e5716270aefea37af2733f6975cafe6876"}) as unknown as TypedDocumentString<ProductQuery, ProductQueryVariables>;
export const ProductMatchScoreDocument = new TypedDocumentString(`
    query ProductMatchScore($productId: ID!, $petId: ID!) {
  productMatchScore(productId: $productId, petId: $petId) {
    productId
    petId
    matchScore
    safetyScore
    fitnessScore
    scoreComponents {
      name
      points
      maxPoints
    }
    matchReasons {
      code
      message
      points
    }
    isCached
    calculatedAt
  }
}
    `, {"hash":"sha256:9be24ef3bb74db7a16e41d6ce6ff96b490d5689c711f11f8b6facc8f252e283c"}) as unknown as TypedDocumentString<ProductMatchScoreQuery, ProductMatchScoreQueryVariables>;
export const ProductsDocument = new TypedDocumentString(`
    query Products($species: Species, $search: String, $first: Int, $after: String) {
  products(species: $species, search: $search, first: $first, after: $after) {
    edges {
      cursor
      node {
        id
        brandName
        productName
        sizeLabel
        species
        lifeStage
        pricePerKg
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `, {"hash":"sha256:db7cc80f0ff3705c91cd332031f629aba286586df1a899503f2a8102f4b12043"}) as unknown as TypedDocumentString<ProductsQuery, ProductsQueryVariables>;
export const RecommendationHistoryDocument = new TypedDocumentString(`
    query RecommendationHistory($petId: ID!, $first: Int = 10, $after: String) {
  recommendationHistory(petId: $petId, first: $first, after: $after) {
    edges {
      cursor
      node {
        id
        createdAt
        strategy
        isCurrent
        hasConditions
        emptyReason
        items {
          rank
          matchScore
          dailyAmountG
          monthlyCost
          product {
            id
            brandName
            productName
            sizeLabel
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `, {"hash":"sha256:9986fd04fcd6396da4fd0b8c911562229d0c97e5e4127fb56b7a95fdb35dc321"}) as unknown as TypedDocumentString<RecommendationHistoryQuery, RecommendationHistoryQueryVariables>;
export const RecommendationsDocument = new TypedDocumentString(`
    query Recommendations($petId: ID!, $forceRefresh: Boolean! = false, $conditions: RecommendationConditionsInput) {
  recommendations(
    petId: $petId
    forceRefresh: $forceRefresh
    conditions: $conditions
  ) {
    petId
    runId
    source
    isCached
    strategy
    lastRecommendedAt
    expiresAt
    emptyReason
    message
    items {
      rank
      matchScore
      safetyScore
      fitnessScore
      confidenceScore
      dailyAmountG
      monthlyCost
      safetyBadges
      technicalExplanation
      animationExplanation
      expertExplanation {
        text
        confidence
        model
        generatedAt
        citations {
          title
          source
          excerpt
        }
      }
      mainIngredients
      allergyIngredients
      harmfulIngredients
      ingredientCount
      scoreComponents {
        name
        points
        maxPoints
      }
      matchReasons {
        code
        message
        points
      }
      qualityChecklist {
        code
        passed
        message
      }
      offer {
        currentPrice
        averagePrice
        deltaPercent
        isNewLow
        offer {
          id
          merchant
          url
          currency
        }
      }
      product {
        id
        brandName
        productName
        sizeLabel
        species
        form
        lifeStage
        isActive
        ingredientsText
        allergens
        claims
        pricePerKg
        nutrition {
          proteinPct
          fatPct
          fiberPct
          moisturePct
          ashPct
          calciumPct
          phosphorusPct
          kcalPer100g
        }
        offers {
          id
          merchant
          url
          affiliateUrl
          sellerName
          currentPrice
          currency
          isPrimary
        }
      }
    }
  }
}
    `, {"hash":"sha256:05833a6f9d0a90cf231adb87ff4df30e5243679b90c62a5d032d8df17a15ca85"}) as unknown as TypedDocumentString<RecommendationsQuery, RecommendationsQueryVariables>;
export const SetPrimaryPetDocument = new TypedDocumentString(`
    mutation SetPrimaryPet($petId: ID!) {
  setPrimaryPet(petId: $petId) {
    pet {
      id
      isPrimary
    }
  }
}
    `, {"hash":"sha256:17d9361567ece3c4a37ac8b404df25893d8a668dc940cf1ea2d572703a6c99d3"}) as unknown as TypedDocumentString<SetPrimaryPetMutation, SetPrimaryPetMutationVariables>;
export const UpdatePetDocument = new TypedDocumentString(`
    mutation UpdatePet($input: UpdatePetInput!) {
  updatePet(input: $input) {
    invalidation
    pet {
      id
      name
      breedCode
      weightKg
      birthdate
      approxAgeMonths
      healthConcerns
      foodAllergies
      otherAllergies
    }
  }
}
    `, {"hash":"sha256:e8f34bda8b5431d3a4fe6ec20d5265536084e664f2835bb0d9d2528c6ceea4ee"}) as unknown as TypedDocumentString<UpdatePetMutation, UpdatePetMutationVariables>;
export const UpdatePetWeightDocument = new TypedDocumentString(`
    mutation UpdatePetWeight($petId: ID!, $weightKg: Float!) {
  updatePet(input: { petId: $petId, weightKg: $weightKg }) {
    invalidation
    pet {
      id
      weightKg
      recommendations {
        source
        items {
          rank
          dailyAmountG
          product {
            productName
          }
        }
      }
    }
  }
}
    `, {"hash":"sha256:b4dfbe34a684398d6ebead757a013c888bcba7e84946294a1e2f4d86361f42b0"}) as unknown as TypedDocumentString<UpdatePetWeightMutation, UpdatePetWeightMutationVariables>;
export const UpdatePreferencesDocument = new TypedDocumentString(`
    mutation UpdatePreferences($input: RecommendationPreferencesInput!) {
  updateRecommendationPreferences(input: $input) {
    invalidation
    preferences {
      weightsPreset
      hardExcludeAllergens
      softAvoidIngredients
      maxPricePerKg
      sortPreference
      healthConcernPriority
    }
  }
}
    `, {"hash":"sha256:07ac78951a5ea95190e532c4196f12234294d385bbb6dfca22ed13ee8e91407a"}) as unknown as TypedDocumentString<UpdatePreferencesMutation, UpdatePreferencesMutationVariables>;
export const UpdateProductDocument = new TypedDocumentString(`
    mutation UpdateProduct($input: UpdateProductInput!) {
  updateProduct(input: $input) {
    affectedPets
    invalidation
    product {
      id
      productName
      lifeStage
      isActive
      ingredientsText
      allergens
      claims
      nutrition {
        proteinPct
        fatPct
        fiberPct
        moisturePct
        ashPct
        calciumPct
        phosphorusPct
        kcalPer100g
      }
    }
  }
}
    `, {"hash":"sha256:615fe184fa71460d56c2136369087b19c6a5272a85458b157a835e4be79d7dec"}) as unknown as TypedDocumentString<UpdateProductMutation, UpdateProductMutationVariables>;