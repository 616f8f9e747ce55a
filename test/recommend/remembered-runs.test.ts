import { expect, test } from 'vitest'
import { NO_CONDITIONS } from '../../src/domain/conditions.ts'
import { STRATEGY, type StoredRun } from '../../src/domain/run.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { createMetrics } from '../../src/lib/metrics.ts'
import { createFloors } from '../../src/recommend/floors.ts'
import { createLadder } from '../../src/recommend/ladder.ts'
import { inLineage, LINEAGE } from '../support/lineage.ts'

const PET = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'
const OWNER = '0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01'
const run: StoredRun = {
  id: '11111111-2222-4333-8444-555555555555', petId: PET, version: 1, epoch: 1, lineage: LINEAGE, strategy: STRATEGY.name, strategyVersion: STRATEGY.version,
  conditionsHash: '', createdAt: 1, expiresAt: Number.MAX_SAFE_INTEGER, emptyReason: 'NO_MATCH', items: [],
}
const fence = { epoch: 1, version: 1, ownerId: OWNER, runId: run.id, createdAt: 1 }

/** A cache that finds the run where it is told to, and a Postgres that confirms its version and has it stored. */
async function sourceOf({ source, isIntact }: { source: 'MEMORY' | 'REDIS'; isIntact: boolean }) {
  const metrics = createMetrics()
  const ladder = createLadder({
    cache: {
      isAway: () => false,
      read: async () => ({ kind: 'read', lineage: LINEAGE, epoch: 1, heartbeats: [], found: [{ fence, run, source }] }),
      fill: async () => ({ kind: 'superseded' }),
      invalidate: async () => ({ kind: 'cleared', keysDropped: 0, epochCreated: false }),
      inspect: async () => ({ kind: 'inspected', held: undefined }),
      forget: () => {},
      async *sweep() {},
      close: async () => {},
    },
    trust: { hold: () => ({ isIntact: () => isIntact }), postgresIsAway: () => false },
    floors: createFloors({ floorMs: 1_000, mayForget: () => true, keyspace: inLineage(), monotonicNow: () => 0 }),
    runs: { readStandings: async () => [{ petId: PET, ownerId: OWNER, version: 1, epoch: 1, lineage: LINEAGE, conditionsHash: '', run: { run, lifeLeftMs: 1_000 } }] },
    outbox: { current: async () => ({ lineage: LINEAGE, now: 1, epoch: 1, pets: new Map([[PET, { ownerId: OWNER, version: 1 }]]) }) },
    compute: async () => ({ kind: 'gone' }),
    fill: async () => {},
    refreshAhead: { consider: () => {} },
    metrics,
    logger: createLogger('silent'),
    now: () => 1,
    monotonicNow: () => 0,
    unverifiedAnswers: 'serve',
  })
  const [answer] = await ladder.answer([{ petId: PET, conditionsHash: '', conditions: NO_CONDITIONS }], { userId: OWNER, isAdmin: false })
  return answer?.kind === 'answered' ? answer.source : answer?.kind
}

test('a remembered run answers while trust is held from before the read until after', async () => {
  expect(await sourceOf({ source: 'MEMORY', isIntact: true })).toBe('MEMORY')
})

test('trust that was lost while the fence was read leaves a remembered run without an end: Postgres answers', async () => {
  expect(await sourceOf({ source: 'MEMORY', isIntact: false })).toBe('POSTGRES')
})

test('a run that Redis itself holds still has its end there: Postgres confirming its version is enough', async () => {
  expect(await sourceOf({ source: 'REDIS', isIntact: false })).toBe('REDIS')
})
