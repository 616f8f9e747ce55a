import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Invalidation } from '../../src/cache/recommendation-cache.ts'
import { createRelay, type Relay, type RelayOutbox } from '../../src/cache/relay.ts'
import { createWakeUps } from '../../src/cache/wake-ups.ts'
import { connect } from '../../src/db/client.ts'
import { createOutbox } from '../../src/db/outbox.ts'
import type { Later } from '../../src/lib/later.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createTestDatabase } from '../support/database.ts'
import { waitUntil } from '../support/wait-until.ts'
import { LINEAGE, lineageOf } from '../support/lineage.ts'

const logger = createLogger('silent')

// What is shown here must hold without the timer of the relays.
beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

type Listener = Parameters<RelayOutbox['listen']>[0]
type Row = { transaction: string; isLocked: boolean; isDelivered: boolean }

/** An outbox, its relays and whoever changes something; each step of each waits for the scheduler, which picks any order. */
function createWorld(s: fc.Scheduler, relayCount: number) {
  const rows: Row[] = []
  const listeners: { hear(word: 'changed' | 'delivered', transaction: string): void }[] = []
  const step = (label: string) => s.schedule(Promise.resolve(), label)
  const notify = (word: 'changed' | 'delivered', transaction: string) => listeners.forEach(({ hear }) => hear(word, transaction))

  const take = (wanted: (row: Row) => boolean): Row[] => {
    const taken = rows.filter((row) => !row.isLocked && !row.isDelivered && wanted(row))
    for (const row of taken) row.isLocked = true
    return taken
  }
  const mark = (taken: readonly Row[]): void => {
    for (const row of taken) Object.assign(row, { isLocked: false, isDelivered: true })
    for (const transaction of new Set(taken.map((row) => row.transaction))) notify('delivered', transaction)
  }
  const outbox: RelayOutbox = {
    deliverBatch: async (_limit, deliver) => {
      await step('a relay reads')
      const taken = take(() => true)
      if (taken.length === 0) return 0
      await deliver(taken.map(({ transaction }): Invalidation => ({ kind: 'epoch', epoch: Number(transaction), lineage: LINEAGE })))
      await step('a relay commits')
      mark(taken)
      return taken.length
    },
    purgeDelivered: async () => {},
    // Postgres delivers to each in the order of commits.
    listen: async (listener: Listener) => {
      let last = Promise.resolve()
      const hear = (word: 'changed' | 'delivered', transaction: string) => {
        last = last.then(() => step(`${word} ${transaction} is heard`)).then(() => listener[word](transaction))
      }
      listeners.push({ hear })
      return { close: async () => {} }
    },
  }
  const later: Later = (_ms, work) => {
    let isCancelled = false
    void step('a moment is over').then(() => (isCancelled ? undefined : work()))
    return () => void (isCancelled = true)
  }
  const deliver = async () => step('told').then(() => true)
  const relays = Array.from({ length: relayCount }, () => createRelay({ outbox, deliver, later, random: Math.random, logger }))

  /** Of a maker that dies, or that is psql, `steps` is 0 or 1: nothing, or told and not marked. */
  const change = async (transaction: string, steps: number): Promise<void> => {
    await step(`${transaction} commits`)
    rows.push({ transaction, isLocked: false, isDelivered: false })
    notify('changed', transaction)
    if (steps === 0) return
    await step(`${transaction} is told`)
    if (steps > 1) mark(take((row) => row.transaction === transaction))
  }
  return { rows, relays, change, step }
}

test('whatever comes in whatever order, a change whose maker dies is delivered by a relay that waited, without its timer', () =>
  fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 2 }),
      async (s, relayCount, changes, drains) => {
        const { rows, relays, change, step } = createWorld(s, relayCount)
        for (const relay of relays) relay.start()
        const makers = changes.map((steps, i) => change(String(i), steps))
        const drained = Array.from({ length: drains }, (_, i) => step('somebody drains').then(() => void relays[i % relayCount]?.drain()))
        await s.waitIdle()
        await Promise.all([...makers, ...drained])
        expect(rows.filter(({ isDelivered }) => !isDelivered)).toEqual([])
        await Promise.all(relays.map((relay) => relay.close()))
      },
    ),
  ))

test('the delivery of one change does not end the wait for another', () => {
  const moments = new Set<() => void>()
  let woken = 0
  const later: Later = (_ms, work) => {
    moments.add(work)
    return () => void moments.delete(work)
  }
  const wakeUps = createWakeUps({ wake: () => void woken++, random: Math.random, later: (ms, work) => later(ms, () => work()) })
  wakeUps.changed('1')
  wakeUps.changed('2')
  wakeUps.delivered('1')
  expect(moments.size).toBe(1)
  for (const work of moments) work()
  expect(woken).toBe(1)
})

/** Eight relays on a real outbox. Their moments are over when the test says so. */
async function startRelays(databaseUrl: string) {
  const moments = new Set<() => void>()
  let looks = 0
  let connects = 0
  const later: Later = (_ms, work) => {
    moments.add(work)
    return () => void moments.delete(work)
  }
  const pools = Array.from({ length: 8 }, () => connect(databaseUrl, { max: 1 }))
  const relays = pools.map((pool): Relay => {
    const outbox = createOutbox(pool)
    const counted: RelayOutbox = {
      ...outbox,
      deliverBatch: (limit, deliver) => {
        looks++
        return outbox.deliverBatch(limit, deliver)
      },
      listen: (listener) => {
        const connected = () => {
          connects++
          listener.connected()
        }
        return outbox.listen({ ...listener, connected })
      },
    }
    return createRelay({ outbox: counted, deliver: async () => true, random: Math.random, later, logger })
  })
  for (const relay of relays) relay.start()
  await waitUntil('all listen', () => connects === relays.length)
  await Promise.all(relays.map((relay) => relay.drain()))
  return {
    relays,
    moments: () => moments.size,
    endOneMoment: () => [...moments][0]?.(),
    looksSince: async (act: () => Promise<unknown>) => {
      const before = looks
      await act()
      return looks - before
    },
    close: async () => {
      await Promise.all(relays.map((relay) => relay.close()))
      await Promise.all(pools.map((pool) => pool.close()))
    },
  }
}

test('with eight gateways one relay looks for a change made in psql, and none for a change that its maker delivers', { timeout: 60_000 }, async () => {
  const created = await createTestDatabase()
  const database = connect(created.url, { max: 2 })
  const maker = createOutbox(database)
  const stage = await startRelays(created.url)
  try {
    const raiseEpoch = async () => Number((await database.sql`update cache_epoch set epoch = epoch + 1 returning epoch`)[0]?.['epoch'])
    const allWait = () => waitUntil('all eight wait', () => stage.moments() === 8)
    const nobodyWaits = () => waitUntil('nobody waits any more', () => stage.moments() === 0)

    const inPsql = await stage.looksSince(async () => {
      await raiseEpoch()
      await allWait()
      stage.endOneMoment()
      await nobodyWaits()
    })
    expect(inPsql).toBe(1)
    expect(await maker.pendingCount()).toBe(0)

    const byItsMaker = await stage.looksSince(async () => {
      const epoch = await raiseEpoch()
      await allWait()
      await maker.markDelivered([{ kind: 'epoch', epoch, lineage: await lineageOf(database.sql) }])
      await nobodyWaits()
    })
    expect(byItsMaker).toBe(0)

    await raiseEpoch()
    await allWait()
    await stage.relays[0]?.drain()
    expect(await maker.pendingCount(), 'a drain does not wait').toBe(0)
    await nobodyWaits()
  } finally {
    await stage.close()
    await database.close()
    await created.drop()
  }
})
