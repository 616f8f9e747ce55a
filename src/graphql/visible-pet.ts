import type { Pet } from '../domain/pet.ts'
import type { GatewayContext } from './context.ts'
import { notFound } from './errors.ts'

/** The pet, if the viewer may see it; else NOT_FOUND, whether it is another's or not there at all. */
export async function visiblePet(petId: string, { loaders, viewer }: Pick<GatewayContext, 'loaders' | 'viewer'>): Promise<Pet> {
  const pet = await loaders.pet.load(petId)
  if (pet === undefined || viewer === undefined || !(viewer.isAdmin || pet.ownerId === viewer.userId)) throw notFound('pet')
  return pet
}
