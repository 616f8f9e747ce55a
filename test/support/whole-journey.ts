import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'

let played = 0

export type Say = (text: string, who: 'user' | 'admin') => Promise<unknown>

const RECOMMENDED = 'source items { rank product { id } } pet { name }'

/**
 * Everything a client can make the gateway do, once and more: each query from each tier, each mutation. `say` answers with
 * `data` and throws where there were errors. Returns which tiers answered, in order.
 */
export const playWholeJourney = async (say: Say): Promise<string[]> => {
  const sources: string[] = []
  const serial = ++played
  const recommend = async (args = '') => {
    const text = JSON.stringify(await say(`{ recommendations(petId: "${BORI}"${args}) { ${RECOMMENDED} } }`, 'user'))
    sources.push(/"source":"(\w+)"/.exec(text)?.[1] ?? text)
    return /"product":\{"id":"([^"]+)"/.exec(text)?.[1] ?? ''
  }
  await say(`mutation { clearRecommendationCache(petId: "${BORI}") { invalidation } }`, 'user')
  await say('{ viewer { id pets { name } primaryPet { name } preferences { weightsPreset } } }', 'user')
  const productId = await recommend()
  await recommend()
  await recommend(', conditions: { emphasizedConcerns: [JOINT] }')
  await recommend(', conditions: { emphasizedConcerns: [JOINT] }')
  await recommend(', forceRefresh: true')
  const score = `{ productMatchScore(productId: "${productId}", petId: "${BORI}") { matchScore isCached } pet(id: "${BORI}") { name } }`
  for (let time = 0; time < 3; time++) await say(score, 'user')

  await say(`mutation { updatePet(input: { petId: "${BORI}", weightKg: ${7 + serial / 10}, healthConcerns: [${serial % 2 ? 'JOINT' : 'HEART'}], foodAllergies: [CHICKEN${serial % 2 ? ', BEEF' : ''}] }) { invalidation } }`, 'user')
  await recommend()
  await say(`mutation { updateRecommendationPreferences(input: { maxPricePerKg: ${90_000 + serial} }) { invalidation } }`, 'user')
  const made = JSON.stringify(await say(`mutation { createPet(input: { name: "Momo ${serial}", species: CAT, weightKg: 4, birthdate: "2023-05-01", healthConcerns: [URINARY], foodAllergies: [FISH] }) { pet { id recommendations { source } } } }`, 'user'))
  const petId = /"id":"([^"]+)"/.exec(made)?.[1] ?? ''
  await say(`mutation { setPrimaryPet(petId: "${petId}") { pet { isPrimary } } }`, 'user')
  await say(`mutation { deletePet(petId: "${petId}") { invalidation } }`, 'user')
  await recommend()
  await say(`mutation { clearRecommendationCache(petId: "${BORI}") { invalidation deletedRuns } }`, 'user')
  await recommend()
  await say(`{ product(id: "${productId}") { id offers { id } } products(search: "a", first: 2) { edges { cursor } } }`, 'user')
  await say(`mutation { updateProduct(input: { productId: "${productId}", claims: ["journey ${serial}"] }) { affectedPets invalidation } }`, 'admin')
  await say('mutation { clearAllRecommendationCaches { invalidation deletedRuns redisKeysDeleted } }', 'admin')
  await recommend()
  await say(`{ recommendationHistory(petId: "${BORI}") { edges { node { isCurrent items { rank } } } } }`, 'user')
  await say(`{ cacheStats { redis { usedMemoryBytes keyCount } pendingInvalidations } cacheEntry(petId: "${BORI}") { postgres { id } } }`, 'admin')
  return sources
}
