import fc from 'fast-check'
import { expect, test } from 'vitest'
import { boundsAfter, type Apart, type Bounds, type Look } from '../../src/db/undelivered.ts'

/** So few that they are often reached. */
const MOST = 2

type Row = { txid: number; isDelivered: boolean }
type Step = { what: 'begin' | 'write' | 'deliver' | 'take again' | 'commit' | 'roll back' | 'look'; pick: number; count: number }

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom<Step['what'][]>('begin', 'begin', 'begin', 'write', 'write', 'write', 'deliver', 'deliver', 'take again', 'commit', 'commit', 'roll back', 'look'),
  pick: fc.nat(1_000),
  count: fc.integer({ min: 1, max: 3 }),
})

/** A table as transactions see it: what is committed, and what those that run have changed; a row has one writer at a time. */
function table() {
  const committed = new Map<number, Row>()
  const running = new Map<number, Map<number, Row>>()
  let nextTxid = 10
  let nextId = 1
  const isFree = (id: number) => ![...running.values()].some((changes) => changes.has(id))
  const committedOnes = (isDelivered: boolean) => [...committed].filter(([id, row]) => row.isDelivered === isDelivered && isFree(id)).map(([id]) => id)
  const from = <T>(all: readonly T[], pick: number): T | undefined => all[pick % Math.max(1, all.length)]
  return {
    committed,
    snapshot: () => ({ running: [...running.keys()].map(String), next: String(nextTxid) }),
    take: ({ what, pick, count }: Step) => {
      if (what === 'begin') return void running.set(nextTxid++, new Map())
      const txid = from([...running.keys()], pick)
      const changes = txid === undefined ? undefined : running.get(txid)
      if (txid === undefined || changes === undefined) return
      if (what === 'commit') for (const [id, row] of changes) committed.set(id, row)
      if (what === 'commit' || what === 'roll back') return void running.delete(txid)
      for (let i = 0; i < count; i++) {
        const id = what === 'write' ? nextId++ : from(committedOnes(what === 'take again'), pick + i)
        if (id === undefined) return
        const row = committed.get(id)
        changes.set(id, what === 'deliver' && row !== undefined ? { ...row, isDelivered: true } : { txid, isDelivered: false })
      }
    },
  }
}

const lies = ({ apart, beyond }: Bounds) => (id: number, txid: number) =>
  Number(beyond) <= txid || apart.some((one) => Number(one.txid) === txid && one.id <= id)

/** As `look_at_outbox` looks. */
function lookWithin(bounds: Bounds, undelivered: readonly (readonly [number, Row])[]): Apart[] {
  const firstOf = (txid: number, leastId: number) => undelivered.filter(([id, row]) => row.txid === txid && id >= leastId).map(([id]) => id).sort((a, b) => a - b)[0]
  const apart = bounds.apart.flatMap(({ txid, id }) => {
    const first = firstOf(Number(txid), id)
    return first === undefined ? [] : [{ txid, id: first }]
  })
  const beyond = [...new Set(undelivered.map(([, { txid }]) => txid))].filter((txid) => txid >= Number(bounds.beyond)).sort((a, b) => a - b)
  return [...apart, ...beyond.slice(0, Math.max(0, MOST - apart.length)).map((txid) => ({ txid: String(txid), id: firstOf(txid, 0) ?? 0 }))]
}

test('whatever transactions write, deliver and take again, in whatever order they end: nothing undelivered lies out of bounds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const { committed, snapshot, take } = table()
      let bounds: Bounds = { apart: [], beyond: '0' }
      for (const one of steps) {
        if (one.what !== 'look') {
          take(one)
          continue
        }
        const undelivered = [...committed].filter(([, row]) => !row.isDelivered)
        expect(undelivered.filter(([id, { txid }]) => !lies(bounds)(id, txid))).toEqual([])
        const look: Look = { ...snapshot(), found: lookWithin(bounds, undelivered) }
        bounds = boundsAfter(look, MOST)
        expect(bounds.apart.length).toBeLessThan(MOST)
        expect(bounds.apart.every(({ txid }, i) => i === 0 || Number(bounds.apart[i - 1]?.txid) < Number(txid))).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('ids are compared as numbers, and those of the future stay within the bounds', () => {
  const bounds = boundsAfter({ found: [{ txid: '9', id: 4 }, { txid: '10', id: 2 }, { txid: '9000000000000000000', id: 1 }], running: ['11', '8'], next: '12' })
  expect(bounds).toEqual({ apart: [{ txid: '8', id: 0 }, { txid: '9', id: 4 }, { txid: '10', id: 2 }, { txid: '11', id: 0 }], beyond: '12' })
})
