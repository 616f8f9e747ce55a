import { BREED_NAMES } from './breeds-table.ts'
import type { Species } from './codes.ts'
import type { BreedSize } from './product.ts'

/** `size` is null for mixed breeds: their code says nothing of it. */
export type Breed = { code: string; species: Species; name: string; size: BreedSize | null; isBrachycephalic: boolean }

/** Flat-faced by their breed standard. Crosses and breeds with a few short-nosed lines (Chihuahua, British Shorthair) are not. */
const FLAT_FACED: Record<Species, ReadonlySet<string>> = {
  DOG: new Set([
    'AFFENPINSCHER', 'BOSTON_TERRIER', 'BOXER', 'BRUSSELS_GRIFFON', 'BULLDOG', 'BULLMASTIFF', 'CAVALIER_KING_CHARLES_SPANIEL',
    'DOGUE_DE_BORDEAUX', 'ENGLISH_TOY_SPANIEL', 'FRENCH_BULLDOG', 'JAPANESE_CHIN', 'LHASA_APSO', 'NEAPOLITAN_MASTIFF', 'PEKINGESE',
    'PUG', 'SHIH_TZU', 'TIBETAN_SPANIEL',
  ]),
  CAT: new Set(['EXOTIC_SHORTHAIR', 'HIMALAYAN', 'PERSIAN']),
}

const MIXED: Record<Species, Breed> = {
  DOG: { code: 'MIXED_DOG', species: 'DOG', name: 'Mixed breed dog', size: null, isBrachycephalic: false },
  CAT: { code: 'MIXED_CAT', species: 'CAT', name: 'Mixed breed cat', size: null, isBrachycephalic: false },
}

/** The English name in capitals: Löwchen is LOWCHEN, Poodle (Toy) is POODLE_TOY. Stored with pets, so a name is not reworded. */
export const breedCode = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase().match(/[A-Z0-9]+/g)?.join('_') ?? ''

const breedsOf = (species: Species): readonly Breed[] => {
  const ofSize = (size: BreedSize) =>
    BREED_NAMES[species][size].split(',').map((written): Breed => {
      const name = written.trim().replace(/\s+/g, ' ')
      const code = breedCode(name)
      return { code, species, name, size, isBrachycephalic: FLAT_FACED[species].has(code) }
    })
  return [...ofSize('small'), ...ofSize('medium'), ...ofSize('large'), MIXED[species]]
}

/** Every breed of a species, the mixed one last. */
export const BREEDS: Record<Species, readonly Breed[]> = { DOG: breedsOf('DOG'), CAT: breedsOf('CAT') }

const BY_CODE: Record<Species, ReadonlyMap<string, Breed>> = {
  DOG: new Map(BREEDS.DOG.map((breed) => [breed.code, breed])),
  CAT: new Map(BREEDS.CAT.map((breed) => [breed.code, breed])),
}

/** By code such as LABRADOR_RETRIEVER or MIXED_DOG; undefined for a code that the species does not have. */
export const findBreed = (species: Species, code: string): Breed | undefined => BY_CODE[species].get(code)
