import { setTimeout as delay } from 'node:timers/promises'
import type postgres from 'postgres'
import type { Kind, Scene } from './scene.ts'

/* What others do to the database beside the gateways, in psql. */

type Level = 'repeatable read' | 'serializable'

/** Longer than an answer may be late, so that the time after it is judged. */
const JUDGED_MS = 1_700
const TRIES = 20
/** Serialization failures and deadlocks: whoever writes there has to do it again. */
const AGAIN = ['40001', '40P01']

const again = async (work: () => Promise<unknown>): Promise<void> => {
  for (let tries = TRIES; ; tries--) {
    try {
      await work()
      return
    } catch (error) {
      const isAgain = error instanceof Error && 'code' in error && AGAIN.includes(String(error.code))
      if (!isAgain || tries === 0) throw error
    }
  }
}

/** A change of weight that is in the history as those of gateways are. */
const changeWeight = async ({ history, workload }: Scene, sql: postgres.Sql | postgres.TransactionSql, petId: string): Promise<() => void> => {
  const [weightKg, start] = [workload.drawWeight(petId), Date.now()]
  await sql`update pets set weight_kg = ${weightKg} where id = ${petId}`
  return () => void history.writes.push({ petId, weightKg, process: 'psql', start, end: Date.now(), outcome: 'COMMITTED' })
}

const readEverywhere = ({ workload, gateways }: Scene, petId: string) =>
  Promise.all(gateways.map((gateway) => workload.read(`reader beside psql at ${gateway.name}`, gateway, petId)))

const readFor = async (scene: Scene, petIds: readonly string[], ms: number): Promise<void> => {
  const end = Date.now() + ms
  while (Date.now() < end) {
    for (const petId of petIds) await readEverywhere(scene, petId)
    await delay(100)
  }
}

const mark = (sql: postgres.Sql | postgres.TransactionSql, must: 'hold' | 'lack') => sql`insert into marks_of_chaos values (${must})`

/**
 * A product is taken away by a transaction whose snapshot does not know that a pet is answered with it; and a pet
 * is changed by one that began before it was answered.
 */
const writesAbove = (level: Level): Kind => ({
  weight: 2, touches: 'nothing',
  run: async (scene, random, ms) => {
    const { sql, marked, cast: { quiet: [holder, changed] } } = scene
    await scene.workload.whileWritersRest(() =>
      again(async () => {
        const tell = await changeWeight(scene, sql, holder)
        tell()
        await sql.begin(`isolation level ${level}`, async (tx) => {
          await tx`select count(*) from products`
          await readEverywhere(scene, holder)
          await delay(random.between(0, ms / 10))
          await tx`update products set is_active = false where id = ${marked.productId}`
          await mark(tx, 'lack')
        })
      }),
    )
    await readFor(scene, [holder], JUDGED_MS)
    await again(async () => {
      let tell = () => {}
      await sql.begin(`isolation level ${level}`, async (tx) => {
        await tx`select count(*) from pets`
        await readEverywhere(scene, changed)
        await delay(random.between(0, ms / 10))
        tell = await changeWeight(scene, tx, changed)
      })
      tell()
    })
    await readFor(scene, [holder, changed], JUDGED_MS)
    await again(() =>
      sql.begin(async (tx) => {
        await tx`update products set is_active = true where id = ${marked.productId}`
        // Only an empty answer is retired by a product that comes: the others hold good until something else changes.
        await tx`update cache_epoch set epoch = epoch + 1`
        await mark(tx, 'hold')
      }),
    )
    await readFor(scene, [holder, changed], JUDGED_MS)
  },
})

const truncatePreferences = async (scene: Scene, ms: number): Promise<void> => {
  const { sql, marked, cast: { quiet: [petId] } } = scene
  await again(() =>
    sql.begin(async (tx) => {
      await tx`
        insert into recommendation_preferences
          (user_id, weights_preset, hard_exclude_allergens, soft_avoid_ingredients, sort_preference, health_concern_priority)
        select user_id, 'BALANCED'::weights_preset, array[${marked.allergen}]::allergen[], '{}'::text[], 'DEFAULT'::sort_preference, false
        from pets where id = ${petId}`
      await mark(tx, 'lack')
    }),
  )
  await readFor(scene, [petId], JUDGED_MS + ms / 2)
  await again(() =>
    sql.begin(async (tx) => {
      await tx`truncate recommendation_preferences`
      await mark(tx, 'hold')
    }),
  )
  await readFor(scene, [petId], JUDGED_MS)
}

const deleteAndReturn = async (scene: Scene, ms: number): Promise<void> => {
  const { sql, workload, cast: { comingAndGoing: petId } } = scene
  const [row] = await sql`select to_jsonb(pets)::text as row from pets where id = ${petId}`
  await again(() => sql`delete from pets where id = ${petId}`)
  await delay(JUDGED_MS + ms / 2)
  const back = JSON.stringify({ ...JSON.parse(String(row?.['row'])), weight_kg: workload.drawWeight(petId) })
  await again(() => sql`insert into pets select * from jsonb_populate_record(null::pets, ${back}::text::jsonb)`)
  await delay(JUDGED_MS)
}

/** Each device is asked by for each pet. */
const readByDevices = async ({ history, workload, gateways, cast: { devices } }: Scene): Promise<void> => {
  await Promise.all(
    gateways.flatMap((gateway) =>
      devices.flatMap(({ uid }) =>
        devices.map(async ({ petId, userId }) => {
          const [process, start] = [gateway.process, Date.now()]
          const isAnswered = await workload.readByDevice(uid, gateway, petId)
          if (isAnswered !== undefined) history.deviceReads.push({ device: uid, process, petId, ownerId: userId, start, end: Date.now(), isAnswered })
        }),
      ),
    ),
  )
}

const FORMER_USER_MS = 6_500

const swapDevices = async (scene: Scene): Promise<void> => {
  const { sql, cast: { devices } } = scene
  const ids = devices.map(({ userId }) => userId)
  await readByDevices(scene)
  await again(() =>
    sql.begin(async (tx) => {
      const held = await tx`select id, device_uid from users where id in ${tx(ids)} order by id for update`
      await tx`update users set device_uid = null where id in ${tx(ids)}`
      for (const [i, { id }] of held.entries()) await tx`update users set device_uid = ${held.at(i - 1)?.['device_uid']} where id = ${id}`
    }),
  )
  const end = Date.now() + FORMER_USER_MS
  while (Date.now() < end) {
    await readByDevices(scene)
    await delay(150)
  }
}

export const FAULTS_OF_WRITERS: Record<string, Kind> = {
  'writes at REPEATABLE READ': writesAbove('repeatable read'),
  'writes at SERIALIZABLE': writesAbove('serializable'),
  'preferences truncated': { weight: 2, touches: 'nothing', run: (scene, _random, ms) => truncatePreferences(scene, ms) },
  'pet deleted, then back': { weight: 2, touches: 'nothing', run: (scene, _random, ms) => deleteAndReturn(scene, ms) },
  'devices change hands': { weight: 1, touches: 'nothing', run: swapDevices },
}
