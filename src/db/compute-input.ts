import { eq, sql } from 'drizzle-orm'
import { boundedRead } from './another-connection.ts'
import { isOneOf } from './any-of.ts'
import type { Pet, Preferences } from '../domain/pet.ts'
import type { Db } from './client.ts'
import { theCatalogueState, theEpoch } from './one-row.ts'
import { petSelection, toPet, toPreferences } from './pet-rows.ts'
import { cacheEpoch } from './tables/invalidations.ts'
import { pets } from './tables/pets.ts'
import { catalogueState } from './tables/products.ts'
import { recommendationPreferences } from './tables/users.ts'

/** Everything but the catalogue that a computation reads. `now` is Postgres's clock, `today` its date in UTC. */
export type ComputeInput = {
  pet: Pet
  preferences: Preferences
  epoch: number
  lineage: string
  catalogueVersion: number
  now: number
  today: string
}

/**
 * One statement, so one snapshot: a version never goes with data from before or after it. Read in two statements, a
 * change between them would be stamped as already seen, and the old answer would live for its whole lifetime.
 */
export function createComputeInputReader(db: Db) {
  const inputs = db
    .select({
      ...petSelection,
      preferences: recommendationPreferences,
      epoch: cacheEpoch.epoch,
      lineage: cacheEpoch.lineage,
      catalogueVersion: catalogueState.version,
      now: sql<number>`(extract(epoch from now()) * 1000)::float8`.as('now_ms'),
      today: sql<string>`((now() at time zone 'UTC')::date)::text`.as('today'),
    })
    .from(pets)
    .innerJoin(theEpoch, sql`true`)
    .innerJoin(theCatalogueState, sql`true`)
    .leftJoin(recommendationPreferences, eq(recommendationPreferences.userId, pets.userId))
    .where(isOneOf(pets.id, sql.placeholder('petIds')))
    .prepare('compute_inputs')

  return async (petIds: readonly string[]): Promise<Map<string, ComputeInput>> => {
    const rows = await boundedRead('compute inputs', () => inputs.execute({ petIds: [...petIds] }))
    return new Map(
      rows.map(({ pet, healthConcerns, foodAllergies, preferences, epoch, lineage, catalogueVersion, now, today }) => [
        pet.id,
        {
          pet: toPet({ pet, healthConcerns, foodAllergies }),
          preferences: toPreferences(preferences),
          epoch,
          lineage,
          catalogueVersion,
          now: Math.floor(now),
          today,
        },
      ]),
    )
  }
}
