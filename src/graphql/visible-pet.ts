import type { Pet } from '../domain/pet.ts'
import type { GatewayContext } from './context.ts'
import { notFound } from './errors.ts'

/** The pet, if the viewer may see it; else NOT_FOUND, whether it is another's or not there at all. */
export async function visiblePet(petId: string, { loaders, viewer, coverage }: Pick<GatewayContext, 'loaders' | 'viewer' | 'coverage'>): Promise<Pet> {
  const found = await loaders.pet.load(petId)
  if (found === undefined || viewer === undefined || !(viewer.isAdmin || found.pet.ownerId === viewer.userId)) throw notFound('pet')
  coverage.pet(found)
  return found.pet
}
