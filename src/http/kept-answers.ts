import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { FenceReader } from '../cache/fence-reader.ts'
import type { Covered } from '../graphql/coverage.ts'
import type { Floors } from '../recommend/floors.ts'
import { compressBytes, type Encoding } from './compress.ts'

/** An answer as it is sent, with the fences that it stands under. */
export type KeptAnswer = {
  readonly covered: Covered
  readonly petIds: readonly string[]
  readonly mediaType: string
  readonly etag: string
  readonly body: Buffer
  /** Made when somebody first asks for it, then kept. */
  encoded(encoding: Encoding): Buffer | undefined
}

export type KeptAnswers = {
  /** The answer to this very request, if one is kept and every fence it was made under still reads the same. */
  find(key: string): Promise<KeptAnswer | undefined>
  keep(key: string, mediaType: string, body: string, covered: Covered): KeptAnswer
}

/** Beside its bytes, of an entry: maps, strings, fences. */
const ENTRY_BYTES = 1_000

/**
 * Answers as bytes. A key holds all of a request that its answer may depend on: who asks with which rights, language,
 * media type, method, address and body. So one that is kept is the answer of just this request as it was executed before;
 * what may have changed since is told by the fences, which are read in Redis, under trust, each time (see cache/trust.ts).
 * Compared are the fences' texts, and a version that this process knows to be newer ends it too (see recommend/floors.ts).
 *
 * Nothing has to be told when an answer is overtaken: whoever finds it so forgets it and goes the long way.
 */
export function createKeptAnswers({ fences, floors, maxBytes, now }: {
  fences: FenceReader
  floors: Pick<Floors, 'allow'>
  maxBytes: number
  /** Milliseconds since 1970. */
  now: () => number
}): KeptAnswers {
  const held = new LRUCache<string, Entry>({ maxSize: maxBytes, sizeCalculation: (entry) => entry.bytes })

  return {
    find: async (key) => {
      const entry = held.get(key)
      if (entry === undefined) return undefined
      const { covered, petIds } = entry.answer
      const read = await fences.read(petIds)
      if (read === undefined) return undefined
      const isSame = covered.pets.every(
        ({ petId, version, epoch, fenceText }, i) =>
          read.fenceTexts[i] === fenceText && (epoch === 0 || epoch === read.epoch) && floors.allow(petId, version, epoch === 0 ? Infinity : epoch),
      )
      if (isSame && covered.until > Math.max(read.now, now())) return entry.answer
      // By now another may have put a newer one there.
      if (held.peek(key) === entry) held.delete(key)
      return undefined
    },
    keep: (key, mediaType, body, covered) => {
      const entry = createEntry(key, mediaType, body, covered, (grown) => {
        // Kept once more under its new size, unless it has been overtaken meanwhile.
        if (held.peek(key) === grown) held.set(key, grown)
      })
      held.set(key, entry)
      return entry.answer
    },
  }
}

type Entry = { answer: KeptAnswer; bytes: number }

function createEntry(key: string, mediaType: string, text: string, covered: Covered, onGrown: (entry: Entry) => void): Entry {
  const body = Buffer.from(text)
  const encodings = new Map<Encoding, Buffer | 'being made'>()
  const entry: Entry = {
    bytes: ENTRY_BYTES + 2 * key.length + body.length,
    answer: {
      covered,
      petIds: covered.pets.map(({ petId }) => petId),
      mediaType,
      etag: etagOf(key, covered),
      body,
      encoded: (encoding) => {
        const known = encodings.get(encoding)
        if (known === 'being made') return undefined
        if (known !== undefined) return known
        encodings.set(encoding, 'being made')
        void compressBytes(encoding, body, 'many-times').then((bytes) => {
          encodings.set(encoding, bytes)
          entry.bytes += bytes.length
          onGrown(entry)
        })
        return undefined
      },
    },
  }
  return entry
}

/** The same for, and only for, the same request of the same viewer under the same fences: what a client may have kept too. */
export function etagOf(key: string, { pets }: Covered): string {
  const hash = createHash('sha256').update(key)
  for (const { fenceText, epoch } of pets) hash.update(`\n${epoch} ${fenceText}`)
  return `"${hash.digest('base64url').slice(0, 27)}"`
}
