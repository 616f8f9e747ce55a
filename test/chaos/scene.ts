import type postgres from 'postgres'
import type { PostgresWorld } from '../support/postgres-world.ts'
import type { RedisWorld } from '../support/redis-world.ts'
import type { Cast, Marked } from './database.ts'
import type { Gateway } from './gateways.ts'
import type { Fault, History } from './history.ts'
import type { Random } from './random.ts'
import type { StoreClock } from './store-clock.ts'
import type { Workload } from './workload.ts'

/** Everything that can be broken, and whoever a fault needs to notice it. */
export type Scene = {
  redis: RedisWorld
  postgres: PostgresWorld
  /** Of whoever writes in psql; it leads to the primary. */
  sql: postgres.Sql
  gateways: readonly Gateway[]
  cast: Cast
  marked: Marked
  workload: Workload
  history: History
  clock: StoreClock | undefined
}

export type Kind = { weight: number; losesData?: true; needsClock?: true; touches: Fault['touches']; run(scene: Scene, random: Random, ms: number): Promise<void> }
