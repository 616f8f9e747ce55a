import postgres from 'postgres'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { askPostgres } from '../support/postgres-node.ts'
import { createPostgresWorld, type PostgresWorld } from '../support/postgres-world.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { waitUntil } from '../support/wait-until.ts'

const newWorld = async (): Promise<PostgresWorld> => {
  const world = await createPostgresWorld({ folder: await temporaryFolder() })
  onTestFinished(world.close)
  await askPostgres(world.primaryUrl(), (sql) => sql`create table notes (note text)`)
  return world
}

const write = (url: string, note: string) => askPostgres(url, (sql) => sql`insert into notes values (${note})`)
const notes = (url: string): Promise<string[]> =>
  askPostgres(url, async (sql) => {
    const rows = await sql<{ note: string }[]>`select note from notes order by note`
    return rows.map(({ note }) => note)
  })
const identity = (url: string): Promise<{ system: string; timeline: number }> =>
  askPostgres(url, async (sql) => {
    const [row] = await sql<{ system: string; timeline: number }[]>`
      select system_identifier::text as system, timeline_id as timeline
      from pg_control_system(), pg_control_checkpoint()`
    if (row === undefined) throw new Error('a control file says something')
    return row
  })

let world: PostgresWorld
beforeEach(async () => {
  world = await newWorld()
})

test('a standby shows what the primary has, falls behind when the link hangs, and refuses to write', async () => {
  const a = await world.route('a')
  expect(await world.route('a'), 'the same name gives the same route').toBe(a)
  await write(a.url, '1 replicated')
  await world.caughtUp()
  world.lagStandby()
  await write(a.url, '2 later')
  await world.point('a', 'standby')
  expect(await notes(a.url)).toEqual(['1 replicated'])
  await expect(write(a.url, '3 on a standby')).rejects.toMatchObject({ code: '25006' })
  await world.resumeLink()
  await world.caughtUp()
  expect(await notes(a.url)).toEqual(['1 replicated', '2 later'])
  await world.point('a', 'primary')
  await write(a.url, '3 on the primary')
})

test('a failover to a standby that fell behind loses commits, and heal makes a new standby', async () => {
  const [a, b] = [await world.route('a'), await world.route('b')]
  await write(a.url, '1 replicated')
  await world.caughtUp()
  world.lagStandby()
  await write(a.url, '2 lost')
  await world.failover('all')
  for (const { url } of [a, b]) expect(await notes(url)).toEqual(['1 replicated'])
  await write(b.url, '3 on the new timeline')
  await expect(world.failover('all')).rejects.toThrow(/heal first/)

  await world.heal()
  expect(await notes(world.standbyUrl())).toEqual(['1 replicated', '3 on the new timeline'])
  await world.failover('all')
  expect(await notes(a.url)).toEqual(['1 replicated', '3 on the new timeline'])
})

test('after a split brain both primaries take writes, and heal keeps those of the promoted one', async () => {
  const [a, b] = [await world.route('a'), await world.route('b')]
  await world.caughtUp()
  await world.failover(['a'])
  await write(a.url, 'to the promoted one')
  await write(b.url, 'to the former one')
  expect(await notes(a.url)).toEqual(['to the promoted one'])
  expect(await notes(b.url)).toEqual(['to the former one'])
  await world.heal()
  expect(await notes(b.url)).toEqual(['to the promoted one'])
})

test('a standby is promoted beneath a connection that goes on', async () => {
  const { url } = await world.route('a')
  await world.caughtUp()
  await world.point('a', 'standby')
  const sql = postgres(url, { max: 1 })
  onTestFinished(() => sql.end())
  const recovers = async () => {
    const [row] = await sql<{ it: boolean; pid: number }[]>`select pg_is_in_recovery() as it, pg_backend_pid() as pid`
    return row
  }
  const before = await recovers()
  expect(before?.it).toBe(true)
  await world.promote()
  await waitUntil('it is promoted', async () => (await recovers())?.it === false)
  expect((await recovers())?.pid).toBe(before?.pid)
})

test.for([
  ['same timeline', 0],
  ['new timeline', 1],
] as const)('data that are put back are the old ones, on the same port and the %s', async ([how, later]) => {
  const { url } = await world.route('a')
  await write(url, '1 saved')
  const before = await identity(url)
  await world.saveData()
  await write(url, '2 lost')
  await world.restoreData(how)
  expect(await notes(url)).toEqual(['1 saved'])
  await askPostgres(url, (sql) => sql`checkpoint`)
  expect(await identity(url)).toEqual({ ...before, timeline: before.timeline + later })
  await write(url, '3 after')
  await world.heal()
  expect(await notes(world.standbyUrl())).toEqual(['1 saved', '3 after'])
})

test('a primary that was killed loses nothing, and one that was paused answers when it is resumed', async () => {
  const { url } = await world.route('a')
  await write(url, 'kept')
  await world.kill()
  await expect(notes(world.primaryUrl())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await world.start()
  expect(await notes(url)).toEqual(['kept'])
  await world.pause()
  const asked = notes(url)
  world.resume()
  expect(await asked).toEqual(['kept'])
})
