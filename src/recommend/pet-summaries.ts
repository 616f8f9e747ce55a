import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { KeptValues } from '../cache/kept-values.ts'
import type { Trust } from '../cache/trust.ts'
import type { PetRead, PetStore } from '../db/pets.ts'
import { ALLERGENS, HEALTH_CONCERNS, SEXES, SPECIES } from '../domain/codes.ts'
import type { Pet } from '../domain/pet.ts'
import type { Run } from '../domain/run.ts'
import type { PetMemory } from '../lib/pet-memory.ts'
import type { Floors } from './floors.ts'

/** Raised with every change of the schema: values of another format are misses. */
const FORMAT = 2

const petSchema = z.strictObject({
  id: z.string(), ownerId: z.string(), name: z.string(), species: z.enum(SPECIES), breedCode: z.string().nullable(), sex: z.enum(SEXES),
  isNeutered: z.boolean().nullable(), birthdate: z.string().nullable(), approxAgeMonths: z.int().nullable(), approxAgeRecordedOn: z.string().nullable(),
  weightKg: z.number(), bodyConditionScore: z.int(), healthConcerns: z.array(z.enum(HEALTH_CONCERNS)), foodAllergies: z.array(z.enum(ALLERGENS)),
  otherAllergies: z.string().nullable(), photoUrl: z.string().nullable(), isPrimary: z.boolean(), version: z.int(), createdAt: z.number(), updatedAt: z.number(),
}) satisfies z.ZodType<Pet>
const summarySchema = z.strictObject({ format: z.literal(FORMAT), epoch: z.int(), pet: petSchema })

/**
 * `epoch`: under which it was read, whichever tier it came from. `fenceText`: the pet's fence, where its word, under
 * trust, made this the pet.
 */
export type PetFound = { pet: Pet; epoch: number; fenceText?: string }
export type PetSummaries = PetMemory & {
  /** Pets by id. */
  readPets(ids: readonly string[]): Promise<Map<string, PetFound>>
  /** The pet as it was at this version and epoch, if this process has it at hand: for whoever has just read that they are current. */
  remembered(run: Pick<Run, 'petId' | 'version' | 'epoch' | 'lineage'>): Pet | undefined
}

/**
 * A pet's profile beside its answer, for an hour, under the same fence: every change of the row draws a version. It is
 * taken while trust is held, the fence says its own version and the epoch is the one it was read under; everything else
 * is one statement.
 */
export function createPetSummaries({ values, trust, floors, pets, memoryBytes }: {
  values: KeptValues
  trust: Pick<Trust, 'hold'>
  floors: Floors
  pets: Pick<PetStore, 'readPets'>
  /** Of profiles in this process; 0 for none. */
  memoryBytes: number
}): PetSummaries {
  const memory = memoryBytes === 0 ? undefined : new LRUCache<string, PetRead>({ maxSize: memoryBytes, sizeCalculation: bytesOf })

  const fromCache = async (ids: readonly string[]): Promise<Map<string, PetFound>> => {
    const grant = trust.hold()
    if (grant === undefined) return new Map()
    const read = await values.read(ids.map((petId) => ({ petId, key: (keys) => keys.summary(petId) })))
    if (read === undefined || !grant.isIntact(read.heartbeats)) return new Map()
    return new Map(
      read.found.flatMap(({ fence, fenceText, value }, i) => {
        const { pet, epoch } = summarySchema.safeParse(value).data ?? {}
        const stands = pet?.id === ids[i] && pet?.version === fence?.version && pet?.ownerId === fence?.ownerId && epoch === read.epoch
        if (pet === undefined || epoch === undefined || !stands || !floors.allow(pet.id, pet.version, epoch)) return []
        memory?.set(pet.id, { pet, epoch, lineage: read.lineage })
        return [[pet.id, { pet, epoch, fenceText }] as const]
      }),
    )
  }

  return {
    petIds: () => memory?.keys() ?? [],
    forgetPets: (gone) => [...gone].filter((petId) => memory?.delete(petId)).length,
    remembered: ({ petId, version, epoch, lineage }) => {
      const known = memory?.get(petId)
      const isSame = known?.pet.version === version && known.epoch === epoch && known.lineage === lineage
      return isSame ? known.pet : undefined
    },
    readPets: async (ids) => {
      const hits = await fromCache(ids)
      const missed = ids.filter((id) => !hits.has(id))
      if (missed.length === 0) return hits
      const read = await pets.readPets(missed)
      for (const found of read.values()) {
        const { pet, epoch, lineage } = found
        const { id: petId, ownerId, version } = pet
        floors.note(lineage, petId, version)
        memory?.set(petId, found)
        void values.keep({ petId, ownerId, version, epoch, lineage }, (keys) => keys.summary(petId), { format: FORMAT, epoch, pet })
      }
      return new Map([...hits, ...read])
    },
  }
}

const PET_BYTES = 1_500
const bytesOf = ({ pet: { name, otherAllergies, photoUrl } }: PetRead): number => PET_BYTES + 2 * (name.length + (otherAllergies?.length ?? 0) + (photoUrl?.length ?? 0))
