import { expect, test } from 'vitest'
import { policies } from '../../src/cache/policies.ts'
import type { OutboxEntry } from '../../src/db/outbox.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createAfterBulkCommit } from '../../src/recommend/after-bulk-commit.ts'
import { createFloors } from '../../src/recommend/floors.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const PETS = 2 * policies.relayBatch + 1
const entries = Array.from({ length: PETS }, (_, i): OutboxEntry => ({ kind: 'pet', petId: `pet ${i}`, version: 7, ownerId: null, lineage: LINEAGE }))
const RANGE = { txid: '7', first: 0, last: PETS - 1 }

/** `takes`: whether Redis takes a batch of so many. `delivering`: rows that another process holds, and how often one looks until it is through. */
function change({ takes, delivering = 0, looks = 0, stepMs = 0 }: { takes: (size: number) => boolean; delivering?: number; looks?: number; stepMs?: number }) {
  const floors = createFloors({ floorMs: 10_000, mayForget: () => true, keyspace: inLineage(), monotonicNow: () => 0 })
  const tried: number[] = []
  const from: (number | undefined)[] = []
  let now = 0
  let delivered = 0
  const looked = { times: 0 }
  const afterBulkCommit = createAfterBulkCommit({
    deliver: async (some) => {
      tried.push(some.length)
      now += stepMs
      return { invalidation: takes(some.length) ? 'CLEARED' : 'QUEUED', keysDropped: 0 }
    },
    floors,
    outbox: {
      deliverBatch: async (limit, deliver, range) => {
        from.push(range?.first)
        const batch = entries.slice(delivered, Math.min(PETS - delivering, delivered + limit))
        if (batch.length === 0) return 0
        if (!(await deliver(batch))) return 'refused'
        delivered += batch.length
        return batch.length
      },
      entriesAfter: async (id, _range, limit) => {
        const page = entries.slice(id + 1, id + 1 + limit)
        return page.length === 0 ? undefined : { lastId: id + page.length, entries: page }
      },
      restOf: async (range) => (delivered === PETS || (delivered + delivering === PETS && ++looked.times > looks) ? undefined : { ...range, first: delivered }),
    },
    logger: createLogger('silent'),
    monotonicNow: () => now,
  })
  return { afterBulkCommit, tried, from, floors, looked }
}

test('all is delivered in batches, and this process knows every version of it', async () => {
  const { afterBulkCommit, tried, floors } = change({ takes: () => true })
  expect(await afterBulkCommit(RANGE)).toBe('CLEARED')
  expect(tried).toEqual([policies.relayBatch, policies.relayBatch, 1])
  expect(entries.filter((entry) => entry.kind === 'pet' && floors.allow(entry.petId, 6, Infinity))).toEqual([])
})

test('each batch is looked for behind those that are delivered', async () => {
  const { afterBulkCommit, from } = change({ takes: () => true })
  await afterBulkCommit(RANGE)
  expect(from).toEqual([0, policies.relayBatch, 2 * policies.relayBatch])
})

test('a batch that Redis does not take in time is tried again with half', async () => {
  const { afterBulkCommit, tried } = change({ takes: (size) => size <= policies.relayBatch / 4 })
  expect(await afterBulkCommit(RANGE)).toBe('CLEARED')
  expect(tried.slice(0, 4)).toEqual([1, 2, 4, 4].map((share) => policies.relayBatch / share))
})

test('a Redis that takes nothing is given up after a few batches, and the process knows every version all the same', async () => {
  const { afterBulkCommit, tried, floors } = change({ takes: () => false })
  expect(await afterBulkCommit(RANGE)).toBe('QUEUED')
  expect(tried).toHaveLength(policies.bulkRefusals)
  expect(floors.allow(`pet ${PETS - 1}`, 6, Infinity)).toBe(false)
})

test('what another process is delivering is waited for', async () => {
  const { afterBulkCommit, looked } = change({ takes: () => true, delivering: 3, looks: 2 })
  expect(await afterBulkCommit(RANGE)).toBe('CLEARED')
  expect(looked.times).toBe(3)
})

test('what takes too long is left to the relay', async () => {
  const { afterBulkCommit, tried } = change({ takes: () => true, stepMs: policies.bulkDeliveryMs })
  expect(await afterBulkCommit(RANGE)).toBe('QUEUED')
  expect(tried).toHaveLength(1)
})
