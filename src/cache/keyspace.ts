import { keysOf, type Keys } from './keys.ts'

/** The keys of one lineage of a database; see lineage-watch.ts. */
export type Space = { lineage: string; keys: Keys }

/**
 * Where in Redis this process reads and writes now. Whoever works with keys takes `current()` once, before the first
 * of them, and uses that to the end: what was begun in one lineage is then never finished in another.
 */
export type Keyspace = {
  /** Throws LineageUnknownError while Postgres has not yet said which database it is. */
  current(): Space
  isKnown(): boolean
  enter(lineage: string): void
  /** It may be another one by now: nothing in Redis is read or written until that is known. */
  leave(): void
}

export function createKeyspace(lineage?: string): Keyspace {
  const spaceOf = (known: string): Space => ({ lineage: known, keys: keysOf(known) })
  let space = lineage === undefined ? undefined : spaceOf(lineage)
  return {
    current: () => {
      if (space === undefined) throw new LineageUnknownError()
      return space
    },
    isKnown: () => space !== undefined,
    enter: (entered) => void (space = spaceOf(entered)),
    leave: () => void (space = undefined),
  }
}

/** Nothing in Redis can be named before it is known whose it is. */
export class LineageUnknownError extends Error {
  override readonly name = 'LineageUnknownError'
  constructor() {
    super('Postgres has not said yet which database it is')
  }
}

/** What Postgres said belongs to another lineage than the cache: this process has not found out yet, or just has. */
export class OtherLineageError extends Error {
  override readonly name = 'OtherLineageError'
  constructor() {
    super('postgres went back or is another database: not told to a cache of another lineage')
  }
}
