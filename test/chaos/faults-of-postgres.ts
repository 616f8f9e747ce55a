import { setTimeout as delay } from 'node:timers/promises'
import { SLOW_SNAPSHOT } from './checker-beside.ts'
import type { Kind, Scene } from './scene.ts'

/** Rows of the outbox that were delivered long ago. */
const OLD_DELIVERIES = 50_000
/** Milliseconds: far longer than a run, so that it is known of each stamp under which clock it was made. */
const CLOCK_STEP_MS = 60 * 60 * 1_000

const stepped = (byMs: number): Kind => ({
  weight: 1, touches: 'nothing', needsClock: true,
  run: async ({ clock, history }, _random, ms) => {
    if (clock === undefined) return
    const step = { byMs, start: Date.now(), end: Infinity }
    history.clockSteps.push(step)
    await clock.setAhead(byMs)
    await delay(2 * ms)
    await clock.setAhead(0)
    step.end = Date.now()
    await delay(ms)
  },
})

/** Holds a snapshot open beside many rows of the outbox, all delivered, while deliveries go on. */
const holdSnapshot = async ({ sql }: Scene, ms: number): Promise<void> => {
  await sql`
    insert into cache_invalidations (pet_id, version, created_at, delivered_at)
    select gen_random_uuid(), 1, now() - interval '1 hour', now() - interval '1 hour' from generate_series(1, ${OLD_DELIVERIES})`
  await sql.begin('isolation level repeatable read', async (tx) => {
    await tx`select count(*) from cache_invalidations`
    await delay(2 * ms)
  })
  await sql`delete from cache_invalidations where delivered_at < now() - interval '30 minutes'`
}

export const FAULTS_OF_POSTGRES: Record<string, Kind> = {
  'postgres killed and restarted': {
    weight: 1, touches: 'postgres',
    run: async ({ postgres }, _random, ms) => {
      await postgres.kill()
      await delay(ms / 2)
      await postgres.start()
    },
  },
  'postgres failed over with lost commits': {
    weight: 3, touches: 'postgres',
    run: async ({ postgres, history }, _random, ms) => {
      const lagFrom = Date.now()
      await postgres.caughtUp()
      postgres.lagStandby()
      await delay(ms)
      const promotion = { lagFrom, start: Date.now(), end: Infinity }
      history.promotions.push(promotion)
      await postgres.failover('all')
      promotion.end = Date.now()
      // What is promised from the promotion on must be seen before anything else happens.
      await delay(ms + 2_000)
      await postgres.heal()
    },
  },
  'a lagging standby behind one gateway': {
    weight: 2, touches: 'postgres',
    run: async ({ postgres, gateways }, random, ms) => {
      const { name } = random.pick(gateways)
      await postgres.caughtUp()
      postgres.lagStandby()
      await delay(ms / 2)
      await postgres.point(name, 'standby')
      await delay(2 * ms)
      await postgres.point(name, 'primary')
      await postgres.resumeLink()
    },
  },
  'one gateway partitioned from postgres': {
    weight: 1, touches: 'postgres',
    run: async ({ postgres, gateways }, random, ms) => {
      const { proxy } = await postgres.route(random.pick(gateways).name)
      proxy.hang()
      await delay(ms)
      await proxy.resume()
    },
  },
  'LISTEN cut': {
    weight: 1, touches: 'postgres',
    run: async ({ sql }) => void (await sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`),
  },
  [SLOW_SNAPSHOT]: { weight: 2, touches: 'nothing', run: (scene, _random, ms) => holdSnapshot(scene, ms) },
  'clocks of the stores set forward': stepped(CLOCK_STEP_MS),
  'clocks of the stores set back': stepped(-CLOCK_STEP_MS),
}
