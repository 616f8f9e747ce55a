import { LRUCache } from 'lru-cache'
import type { StoredRun } from '../domain/run.ts'
import type { Asked } from './recommendation-cache.ts'

/**
 * Decoded runs in this process, so that a hit fetches a fence of 60 bytes and not the document behind it. What is here is
 * never an answer by itself: Redis is asked for the fence each time, and only a run that the fence still speaks of counts.
 * So nothing has to be told when a run is overtaken; it is found out, and forgotten, by whoever asks next.
 */
export type RunMemory = {
  get(asked: Asked): StoredRun | undefined
  /** `bytes`: of its encoded form. */
  set(run: StoredRun, bytes: number): void
  forget(asked: Asked): void
}

/** A decoded run takes about this many times the bytes of its text: measured on runs of ten real products. */
const DECODED_SHARE = 3
const ENTRY_BYTES = 500

const keyOf = ({ petId, conditionsHash }: Asked) => (conditionsHash === '' ? petId : `${petId}:${conditionsHash}`)

/** Holds about `maxBytes` of runs, those that were asked for last. */
export function createRunMemory(maxBytes: number): RunMemory {
  const held = new LRUCache<string, { run: StoredRun; bytes: number }>({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes })
  return {
    get: (asked) => held.get(keyOf(asked))?.run,
    set: (run, bytes) => void held.set(keyOf(run), { run, bytes: DECODED_SHARE * bytes + ENTRY_BYTES }),
    forget: (asked) => void held.delete(keyOf(asked)),
  }
}

/** Nothing is kept: every hit is read from Redis. */
export const noRunMemory: RunMemory = { get: () => undefined, set: () => {}, forget: () => {} }
