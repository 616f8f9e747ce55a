import DataLoader from 'dataloader'
import type { Conditions } from '../domain/pet.ts'
import type { Product } from '../domain/product.ts'
import { conditionsHash } from '../domain/conditions.ts'
import type { Answer, Asker } from '../recommend/ladder.ts'
import type { PetFound } from '../recommend/pet-summaries.ts'
import type { Services } from './context.ts'

export type RecommendationKey = { petId: string; conditions: Conditions }

/**
 * What one request has asked already. Everything asked in one tick travels together: one climb of the ladder, one
 * statement for pets, one for products. `forget` is called by every mutation, since what was answered before it may be true no more.
 */
export type Loaders = {
  recommendation: { load(key: RecommendationKey): Promise<Answer> }
  pet: { load(petId: string): Promise<PetFound | undefined> }
  product: { load(productId: string): Promise<Product | undefined> }
  forget(): void
}

export function createLoaders({ ladder, petSummaries, products }: Pick<Services, 'ladder' | 'petSummaries' | 'products'>, viewer: Asker | undefined): Loaders {
  const recommendation = new DataLoader<RecommendationKey, Answer, string>(
    async (keys) => {
      if (viewer === undefined) return keys.map(() => ({ kind: 'not-found' }))
      const questions = keys.map(({ petId, conditions }) => ({ petId, conditions, conditionsHash: conditionsHash(conditions) }))
      const answers = await ladder.answer(questions, viewer)
      answers.forEach(primePet)
      return answers
    },
    { cacheKeyFn: ({ petId, conditions }) => `${petId}|${conditionsHash(conditions)}` },
  )
  const pet = new DataLoader<string, PetFound | undefined>(async (ids) => {
    const found = await petSummaries.readPets(ids)
    return ids.map((id) => found.get(id))
  })
  /** A fence that was read for a run says which version its pet has. Where that pet is at hand, it need not be asked for. */
  const primePet = (answer: Answer): void => {
    if (answer.kind !== 'answered' || answer.fenceText === undefined) return
    const { run, fenceText } = answer
    const known = petSummaries.remembered(run)
    if (known !== undefined) pet.prime(run.petId, { pet: known, epoch: run.epoch, fenceText })
  }
  const product = new DataLoader<string, Product | undefined>(async (ids) => {
    const found = await products.readProducts(ids)
    return ids.map((id) => found.get(id))
  })
  return {
    recommendation,
    pet,
    product,
    forget: () => {
      recommendation.clearAll()
      pet.clearAll()
      product.clearAll()
    },
  }
}
