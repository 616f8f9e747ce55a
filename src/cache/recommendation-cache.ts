import { STRATEGY, type Run, type StoredRun } from '../domain/run.ts'
import type { Fence } from './fence.ts'

/**
 * What the ladder asks of its cache tier. Redis keeps it; where there is no Redis, this process' memory does; one suite
 * of tests holds both to it.
 *
 * The protocol in short. Every pet has a fence: the newest version an invalidation or a fill has told. A run counts only
 * beside a fence of its own version and under the current epoch, so a run alone is never an answer. Invalidating raises
 * the fence; filling is refused beneath a higher one. Versions come from Postgres and only rise, so both can arrive
 * late, twice or in any order. What a cache loses (a fence, everything) turns into misses, never into old answers.
 */
export type RecommendationCache = {
  /** True while it is known that reads and fills would fail. */
  isAway(): boolean
  /**
   * One round trip for everything asked; a second one only for runs that this process remembered and that were overtaken.
   * `isTrusted`: trust is held, so that the word of a fence is enough for a run that is remembered.
   */
  read(asked: readonly Asked[], isTrusted: boolean): Promise<ReadOutcome>
  /** `attempt`: a UUID, the same for the second fill after an `unfenced` one. */
  fill(run: StoredRun, ownerId: string, lifeMs: number, attempt: string): Promise<FillOutcome>
  /** Apply invalidations; all of them or the outcome is `unavailable`, after which they may be applied again. */
  invalidate(invalidations: readonly Invalidation[]): Promise<InvalidateOutcome>
  /** What is kept here of one pet's answer without conditions, for people who look: whether it still stands or not. */
  inspect(petId: string): Promise<InspectOutcome>
  /** Drop what this process remembers: the database went back, or is another one. Redis keeps what it holds under other keys. */
  forget(): void
  /** Drop every result, batch by batch; yields how many keys each batch dropped. Needed for space, not for correctness. */
  sweep(): AsyncIterable<number>
  close(): Promise<void>
}

/** `conditionsHash` '' is the answer without conditions. */
export type Asked = { petId: string; conditionsHash: string }

/**
 * `run` is there only if it stands: fence, epoch and strategy agree with it. `source`: where the run, if any, was kept.
 * `fenceText`: the fence as Redis holds it, for whoever wants to find out later whether it is still the same.
 * `lifeLeftMs`: what is left of the run at least, where trust is held; undefined where nobody can say.
 */
export type Found = { fence: Fence | undefined; fenceText?: string; run: StoredRun | undefined; lifeLeftMs?: number; source: 'REDIS' | 'MEMORY' }

/**
 * `heartbeats`: of the servers that were read, for trust; none where the cache is this process' own. `lineage`: of what
 * was read; versions of another lineage cannot be compared with it.
 */
export type ReadOutcome =
  | { kind: 'read'; lineage: string; epoch: number | undefined; found: Found[]; heartbeats: (string | null)[] }
  | { kind: 'unavailable'; cause: unknown }

/** `unfenced`: the fence is in place now but the run is not; see scripts/fill.lua. */
export type FillOutcome =
  | { kind: 'stored'; lifeMs: number; bytes: number }
  | { kind: 'unfenced' }
  | { kind: 'superseded' }
  | { kind: 'too-large'; bytes: number }
  | { kind: 'unavailable'; cause: unknown }

/** `ownerId` null: the pet is gone. */
export type Change =
  | { kind: 'pet'; petId: string; version: number; ownerId: string | null }
  | { kind: 'product'; productId: string; revision: number }
  | { kind: 'epoch'; epoch: number }
/** `lineage`: of the database that said so. One of another lineage than the cache is of cannot be applied. */
export type Invalidation = Change & { lineage: string }

/**
 * `keysDropped`: what these invalidations dropped, whether now or when somebody else told them a moment ago.
 * `epochCreated`: there was no epoch before, so nobody can say it was not a newer one: verify.
 */
export type InvalidateOutcome =
  | { kind: 'cleared'; keysDropped: number; epochCreated: boolean }
  | { kind: 'unavailable'; cause: unknown }

/** `held` undefined: nothing, or nothing that could be read. */
export type InspectOutcome = { kind: 'inspected'; held: Inspection | undefined } | { kind: 'unavailable'; cause: unknown }
export type Inspection = { run: StoredRun; expiresInMs: number; bytes: number; encoding: string; tags: string[] }

/** Whether these may be applied to a cache of this lineage. */
export const areOf = (lineage: string, invalidations: readonly Invalidation[]): boolean =>
  invalidations.every((one) => one.lineage === lineage)

/** Does a cached run answer what was asked, given fence and epoch read together with it? */
export function stands(run: Run, asked: Asked, fence: Fence, epoch: number): boolean {
  return (
    run.petId === asked.petId &&
    run.conditionsHash === asked.conditionsHash &&
    run.version === fence.version &&
    run.epoch === epoch &&
    run.strategy === STRATEGY.name &&
    run.strategyVersion === STRATEGY.version
  )
}
