import { LRUCache } from 'lru-cache'
import type { FenceReader } from '../cache/fence-reader.ts'
import type { Covered } from '../graphql/coverage.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { PetMemory } from '../lib/pet-memory.ts'
import type { Floors } from '../recommend/floors.ts'
import { compressBytes, type Encoding } from './compress.ts'

/** An answer as it is sent, with what is told of it in the log, in the figures and to the limits. */
export type Kept = {
  readonly covered: Covered
  readonly headers: Readonly<Record<string, string>>
  /** Made when it was kept; undefined where the request asks for none. */
  readonly etag: string | undefined
  readonly body: Buffer
  readonly operation: string
  /** Fields asked of the root. */
  readonly points: number
  /** Undefined until it is made, which begins when somebody first asks for it. */
  encoded(encoding: Encoding): Buffer | undefined
}

export type ToKeep = Pick<Kept, 'headers' | 'etag' | 'operation' | 'points'> & { body: Buffer | string; covered: Covered }

export type KeptAnswers = PetMemory & {
  /** The answer to this very request, if every fence it was made under still reads the same. Never rejects; undefined at once where nothing is kept for it. */
  find(key: string): Promise<Kept | undefined> | undefined
  keep(key: string, answer: ToKeep): void
}

export const noKeptAnswers: KeptAnswers = { find: () => undefined, keep: () => {}, petIds: () => [], forgetPets: () => 0 }

/** Beside its bytes, of an entry: maps, strings, fences. */
const ENTRY_BYTES = 1_000

/**
 * Answers as bytes. A key holds all of a request that its answer may depend on: who asks with which rights, language,
 * media type, method, address and body. So one that is kept is the answer of just this request as it was executed before;
 * what may have changed since is told by the fences, which are read in Redis, under trust, each time (see cache/trust.ts).
 * Compared are the fences' texts, and a version that this process knows to be newer ends it too (see recommend/floors.ts).
 * A fence names the pet's owner, so the right to see it is compared along with it.
 *
 * Nothing has to be told when an answer is overtaken: whoever finds it so forgets it and goes the long way. Answers about a pet
 * that was deleted are dropped all the same (see recommend/gone-pets.ts), since they hold a person's texts.
 */
export function createKeptAnswers({ fences, floors, metrics, maxBytes, now }: {
  fences: FenceReader
  floors: Floors
  metrics: Pick<Metrics, 'keptAnswers'>
  maxBytes: number
  /** Milliseconds since 1970. */
  now: () => number
}): KeptAnswers {
  const held = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: (entry) => entry.bytes })

  const outcomeOf = (outcome: 'sent' | 'overtaken' | 'unconfirmed') => metrics.keptAnswers.labels({ outcome })
  const [sent, overtaken, unconfirmed] = [outcomeOf('sent'), outcomeOf('overtaken'), outcomeOf('unconfirmed')]

  const confirmed = async (key: string, entry: Entry): Promise<Kept | undefined> => {
    const { covered } = entry.answer
    const read = await fences.read(entry.petIds)
    if (read === undefined) {
      unconfirmed.inc()
      return undefined
    }
    const isSame = covered.pets.every(
      ({ petId, version, epoch, fenceText }, i) =>
        read.fenceTexts[i] === fenceText && epoch === read.epoch && floors.allow(petId, version, epoch),
    )
    if (isSame && covered.until > Math.max(read.now, now())) {
      for (const { petId, version, epoch } of covered.pets) {
        floors.note(read.lineage, petId, version)
        floors.noteEpoch(read.lineage, epoch)
      }
      sent.inc()
      return entry.answer
    }
    overtaken.inc()
    // By now another may have put a newer one there.
    if (held.peek(key) === entry) held.delete(key)
    return undefined
  }

  return {
    find: (key) => {
      const entry = held.get(key)
      return entry === undefined ? undefined : confirmed(key, entry)
    },
    keep: (key, answer) => {
      const entry = createEntry(key, answer, (grown) => {
        // Kept once more under its new size, unless it has been overtaken meanwhile.
        if (held.peek(key) === grown) held.set(key, grown)
      })
      held.set(key, entry)
    },
    petIds: () => [...held.values()].flatMap(({ petIds }) => petIds),
    forgetPets: (gone) => {
      const dropped = [...held.entries()].filter(([, { petIds }]) => petIds.some((petId) => gone.has(petId)))
      for (const [key] of dropped) held.delete(key)
      return dropped.length
    },
  }
}

type Entry = { answer: Kept; petIds: readonly string[]; bytes: number }

function createEntry(key: string, { body: sent, ...answer }: ToKeep, onGrown: (entry: Entry) => void): Entry {
  const body = Buffer.isBuffer(sent) ? sent : Buffer.from(sent)
  const encodings = new Map<Encoding, Buffer | 'being made'>()
  const entry: Entry = {
    bytes: ENTRY_BYTES + 2 * key.length + body.length,
    petIds: answer.covered.pets.map(({ petId }) => petId),
    answer: {
      ...answer,
      body,
      encoded: (encoding) => {
        const known = encodings.get(encoding)
        if (known === 'being made') return undefined
        if (known !== undefined) return known
        encodings.set(encoding, 'being made')
        void compressBytes(encoding, body, 'many-times').then(
          (bytes) => {
            encodings.set(encoding, bytes)
            entry.bytes += bytes.length
            onGrown(entry)
          },
          // Such as for want of memory: whoever asks next begins anew.
          () => encodings.delete(encoding),
        )
        return undefined
      },
    },
  }
  return entry
}
