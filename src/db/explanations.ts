import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Locale } from '../domain/codes.ts'
import type { Pet } from '../domain/pet.ts'
import { decodeItems, encodeItems } from '../domain/run-codec.ts'
import type { Explanation, RunItem } from '../domain/run.ts'
import type { Db, Transaction } from './client.ts'
import { bounded } from './errors.ts'
import { theEpoch } from './one-row.ts'
import { pendingOf, type OutboxEntry } from './outbox.ts'
import { lockPet, type Actor } from './pets.ts'
import { itemsText, valid } from './run-rows.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { recommendationItems, recommendationRuns } from './tables/runs.ts'
import { inTransaction } from './transaction.ts'

/** `now` is Postgres's clock, `today` its date in UTC. */
export type Explain = (items: readonly RunItem[], pet: Pet, at: { now: number; today: string }) => Explanation[]

/** `entries`: what the new version wrote to the outbox. `present`: nothing was left to explain, nothing was written. */
export type ExplainOutcome =
  | { kind: 'written'; entries: OutboxEntry[] }
  | { kind: 'present' }
  | { kind: 'no-run' }
  | { kind: 'not-found' }

export type ExplanationStore = ReturnType<typeof createExplanationStore>

/**
 * Explanations are written into the current run, so that each tier shows them. They change what is cached under the pet's
 * version. So the pet draws a new one, and its runs are stamped with it in the same transaction:
 *
 *   * The pet's row is locked first. Whatever else changes a pet, stores a run of it, or clears it, takes that row too
 *     (drizzle/0001_triggers.sql, store-run.ts), and so comes whole before us or whole after us.
 *   * Whoever came before and drew a version has left no run of the pet's version: `no-run`, and nothing is stamped. A
 *     run is stamped only if it was valid under the lock, so it is as true under the new version as under the old.
 *   * Whoever comes after finds the new version: a computation of the old one is not stored, a fill of it is refused by
 *     the new fence, a change of a product draws the next version and retires what we stamped.
 *   * `runs_one_current` cannot be violated: nobody else has seen the new version yet.
 *
 * A run keeps its id, when it was made, and what is left of its seven days. Runs of other conditions, formats and
 * strategies hold as before and are stamped too: nothing is computed anew for them.
 *
 * The run's row is locked before rows of its items are. The sweep after a clear-all takes them in that order, and skips
 * a run that is locked; otherwise the two could wait for each other.
 */
export function createExplanationStore(db: Db) {
  /** `explain` gives one explanation for each item, in order. It runs under the lock and must be quick. */
  const explainRun = (actor: Actor, petId: string, locale: Locale, explain: Explain): Promise<ExplainOutcome> =>
    bounded(
      'explain run',
      inTransaction(db, async (tx) => {
        const pet = await lockPet(tx, actor, petId)
        if (pet === undefined) return { kind: 'not-found' }
        const run = await lockCurrentRun(tx, petId)
        if (run === undefined) return { kind: 'no-run' }
        if (run.items.every(({ explanations }) => explanations[locale] !== undefined)) return { kind: 'present' }
        await write(tx, run, locale, explain(run.items, pet, run))
        await tx.execute(sql`select touch_pets(array[${petId}::uuid])`)
        await restamp(tx, pet, run.epoch)
        return { kind: 'written', entries: await pendingOf(tx, [petId]) }
      }),
    )

  return { explainRun }
}

/** The valid run without conditions. Read after the pet was locked, in a statement of its own. */
async function lockCurrentRun(tx: Transaction, petId: string) {
  const [row] = await tx
    .select({
      runId: recommendationRuns.id,
      epoch: cacheEpoch.epoch,
      itemsText,
      now: sql<number>`(extract(epoch from now()) * 1000)::float8`,
      today: sql<string>`((now() at time zone 'UTC')::date)::text`,
    })
    .from(pets)
    .innerJoin(theEpoch, sql`true`)
    .innerJoin(recommendationRuns, and(valid, eq(recommendationRuns.conditionsHash, '')))
    .where(eq(pets.id, petId))
    .for('no key update', { of: recommendationRuns })
  const items = row === undefined ? undefined : decodeItems(row.itemsText)
  return row === undefined || items === undefined ? undefined : { ...row, now: Math.floor(row.now), items }
}

/**
 * The text is written as a whole, under the lock that it was read under. What an older release kept item by item ends
 * here: such a release finds nothing to read, rather than the run as it was before.
 */
async function write(tx: Transaction, { runId, items }: { runId: string; items: readonly RunItem[] }, locale: Locale, explanations: readonly Explanation[]) {
  const explained = items.map((item, i) => ({ ...item, explanations: { ...item.explanations, [locale]: explanations[i] } }))
  await tx.update(recommendationRuns).set({ items: encodeItems(explained) }).where(eq(recommendationRuns.id, runId))
  await tx.update(recommendationItems).set({ document: null }).where(and(eq(recommendationItems.runId, runId), isNotNull(recommendationItems.document)))
}

async function restamp(tx: Transaction, pet: Pet, epoch: number) {
  const drawn = tx.select({ version: pets.recommendationVersion }).from(pets).where(eq(pets.id, pet.id))
  await tx
    .update(recommendationRuns)
    .set({ version: sql`(${drawn})` })
    .where(
      and(
        eq(recommendationRuns.petId, pet.id),
        eq(recommendationRuns.version, pet.version),
        eq(recommendationRuns.epoch, epoch),
        isNull(recommendationRuns.supersededAt),
      ),
    )
}
