import { waitUntil } from '../support/wait-until.ts'
import { nextWeightKg, update, type Command } from './commands.ts'
import { read } from './readings.ts'
import type { Stage } from './stage.ts'
import type { GatewayName, Model, PetName, Servers } from './versions.ts'

/** What happens to the servers. `loses`: what Redis acknowledged before may be gone. */
type Fault = {
  name: string
  loses: boolean
  isPossible: (servers: Servers) => boolean
  happen: (stage: Stage) => Promise<void> | void
  leaves: Partial<Servers>
}

const fault = ({ name, loses, isPossible, happen, leaves }: Fault): Command => ({
  check: ({ servers }) => isPossible(servers),
  run: async (model, stage) => {
    // Before and after: until it is over it is under way.
    if (loses) model.lose(name)
    else model.hurt(name)
    await happen(stage)
    if (loses) model.lose(`${name}, done`)
    Object.assign(model.servers, leaves)
  },
  toString: () => name,
})

export const redisKilled = () =>
  fault({ name: 'RedisKilled', loses: true, isPossible: isUp, happen: ({ world }) => world.kill(), leaves: { primary: 'killed' } })

export const redisStarted = (from: 'empty' | 'snapshot') =>
  fault({
    name: from === 'empty' ? 'RedisStartedEmpty' : 'RedisStartedFromSnapshot',
    loses: true,
    isPossible: ({ primary, hasSnapshot }) => primary === 'killed' && (from === 'empty' || hasSnapshot),
    happen: ({ world }) => world.start(from),
    leaves: { primary: 'up' },
  })

export const snapshotTaken = () =>
  fault({
    name: 'SnapshotTaken',
    loses: false,
    isPossible: isUp,
    happen: ({ world }) => world.saveSnapshot(),
    leaves: { hasSnapshot: true },
  })

export const redisPaused = () =>
  fault({ name: 'RedisPaused', loses: false, isPossible: isUp, happen: ({ world }) => world.pause(), leaves: { primary: 'paused' } })

export const redisResumed = () =>
  fault({
    name: 'RedisResumed',
    loses: false,
    isPossible: ({ primary }) => primary === 'paused',
    happen: ({ world }) => world.resume(),
    leaves: { primary: 'up' },
  })

export const redisFlushed = () =>
  fault({ name: 'RedisFlushed', loses: true, isPossible: isUp, happen: ({ world }) => world.flush(), leaves: {} })

export const replicaLags = () =>
  fault({
    name: 'ReplicaLags',
    loses: false,
    isPossible: ({ replica }) => replica === 'following',
    happen: ({ world }) => world.lagReplica(),
    leaves: { replica: 'lagging' },
  })

/** Also after the primary was killed or while it hangs: that is when replicas are promoted. */
export const failedOver = () =>
  fault({
    name: 'FailedOver(all)',
    loses: true,
    isPossible: ({ replica }) => replica !== 'gone',
    happen: ({ world }) => world.failover('all'),
    leaves: { primary: 'up', replica: 'gone' },
  })

export const splitBrain = (moved: GatewayName) =>
  fault({
    name: `SplitBrain(${moved})`,
    loses: true,
    isPossible: (servers) => isUp(servers) && servers.replica !== 'gone',
    happen: ({ world }) => world.failover([moved]),
    leaves: { replica: 'gone', isSplit: true },
  })

export const healed = () =>
  fault({
    name: 'Healed',
    loses: true,
    isPossible: ({ primary, replica }) => primary !== 'up' || replica !== 'following',
    happen: ({ world }) => world.heal(),
    leaves: { primary: 'up', replica: 'following', isSplit: false },
  })

export const listenCut = (): Command => ({
  check: () => true,
  run: async (model, { sql }) => {
    model.hurt('ListenCut')
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where query ilike 'listen%' and pid <> pg_backend_pid() and datname = current_database()`
  },
  toString: () => 'ListenCut',
})

/** In order and not by a kill, under reads of both gateways and one change. SERVICE_UNAVAILABLE is allowed until both are ready. */
export const postgresRestarted = (pet: PetName, changer: GatewayName): Command => ({
  check: () => true,
  run: async (model, stage) => {
    model.hurt('PostgresRestarted')
    let isUp = false
    const weightKg = nextWeightKg(model.traitsOf(pet))
    const isMade = async () => {
      await restarted
      return (await storedWeightKg(stage, pet)) === weightKg
    }
    const restarted = stage.postgres.restart().then(() => model.note('Postgres is started'))
    const ready = restarted.then(() => bothReady(stage)).finally(() => (isUp = true))
    const readMeanwhile = (gateway: GatewayName) =>
      waitUntil('Postgres is up again', async () => {
        await read(model, stage, gateway, pet, true)
        return isUp
      })
    const all = [ready, update(model, stage, pet, changer, { weightKg }, { isMade }), readMeanwhile('a'), readMeanwhile('b')]
    const failed = (await Promise.allSettled(all)).find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    model.note('PostgresRestarted, done')
  },
  toString: () => `PostgresRestarted(and ${pet} changed by ${changer})`,
})

/** Back to two well servers, whatever happened to them. */
export async function healAll(model: Model, stage: Stage): Promise<void> {
  const { primary, replica } = model.servers
  if (primary !== 'up' || replica !== 'following') await healed().run(model, stage)
}

function isUp({ primary }: Servers): boolean {
  return primary === 'up'
}

async function bothReady({ gateways }: Stage): Promise<void> {
  await waitUntil('both gateways are ready', async () => {
    const replies = await Promise.all([gateways.a, gateways.b].map(({ url }) => fetch(`${url}/health/ready`)))
    return replies.every(({ ok }) => ok)
  })
}

/** By a connection that Postgres's restart may just have ended. */
async function storedWeightKg(stage: Stage, pet: PetName): Promise<number> {
  let weightKg: number | undefined
  await waitUntil('Postgres answers', async () => {
    const rows = await stage.sql`select weight_kg from pets where id = ${stage.pets[pet].id}`.catch(() => [])
    weightKg = rows[0] === undefined ? undefined : Number(rows[0]['weight_kg'])
    return weightKg !== undefined
  })
  return weightKg ?? 0
}
