import { LRUCache } from 'lru-cache'
import { sharedCharacters } from '../domain/run-parts.ts'
import type { StoredRun } from '../domain/run.ts'
import type { Asked } from './recommendation-cache.ts'
import type { PetMemory } from '../lib/pet-memory.ts'
import { createSightings } from '../lib/sightings.ts'

/**
 * Decoded runs in this process, so that a hit fetches a fence of 60 bytes and not the document behind it. What is here is
 * never an answer by itself: Redis is asked for the fence each time, and only a run that the fence still speaks of counts.
 * So nothing has to be told when a run is overtaken; it is found out, and forgotten, by whoever asks next.
 */
export type RunMemory = PetMemory & {
  get(asked: Asked): StoredRun | undefined
  /** `textLength`: characters of its encoded form. Remembered where there is room, or where one of this key was offered before. */
  set(run: StoredRun, textLength: number): void
  forget(asked: Asked): void
  clear(): void
}

/**
 * Bytes of heap for each character that no other run shares: 1.78 were measured on runs of ten real foods (5,687 such
 * characters of 25,200), 1.55 where nothing was shared (31,994), and rounded up.
 */
const DECODED_SHARE = 1.8
const ENTRY_BYTES = 500
/** Many times the runs that fit; a quarter of a megabyte. */
const SIGHTINGS = 65_536

const UUID_LENGTH = 36
const keyOf = ({ petId, conditionsHash }: Asked) => (conditionsHash === '' ? petId : `${petId}:${conditionsHash}`)
const petIdOf = (key: string) => key.slice(0, UUID_LENGTH)

/**
 * Holds about `maxBytes` of runs, those that were asked for last. Once it is full a run comes in when it is offered for the
 * second time: a run that is pushed out was long-lived to the garbage collector, and memory that is given up all
 * over the heap is got back late (docs/decisions/024).
 */
export function createRunMemory(maxBytes: number): RunMemory {
  const held = new LRUCache<string, { run: StoredRun; bytes: number }>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes })
  const offered = createSightings(SIGHTINGS)
  return {
    get: (asked) => held.get(keyOf(asked))?.run,
    set: (run, textLength) => {
      const key = keyOf(run)
      const bytes = Math.ceil(DECODED_SHARE * (textLength - sharedCharacters(run.items))) + ENTRY_BYTES
      const isKnown = offered.again(key)
      if (isKnown || held.has(key) || held.calculatedSize + bytes <= maxBytes) held.set(key, { run, bytes })
    },
    forget: (asked) => void held.delete(keyOf(asked)),
    clear: () => held.clear(),
    petIds: () => [...held.keys()].map(petIdOf),
    forgetPets: (gone) => {
      const keys = [...held.keys()].filter((key) => gone.has(petIdOf(key)))
      for (const key of keys) held.delete(key)
      return keys.length
    },
  }
}

/** Nothing is kept: every hit is read from Redis. */
export const noRunMemory: RunMemory = { get: () => undefined, set: () => {}, forget: () => {}, clear: () => {}, petIds: () => [], forgetPets: () => 0 }
