import { expect, test } from 'vitest'
import { check, type Rule } from './checker.ts'
import { SLOW_SNAPSHOT } from './checker-beside.ts'
import { emptyHistory, type Commit, type Computed, type Fault, type History, type Read, type Write } from './history.ts'
import { WEIGHTS_OF_COPY } from './weights.ts'

/*
  Histories by hand: one pet that weighs 1, 2, 3 ... kg as its versions are 1, 2, 3 ..., and what each rule makes of them.
*/

const PET = 'pet-1'
const GATEWAYS = 2

const commit = (version: number, at: number): Commit => ({ petId: PET, weightKg: version, version, at })
const read = (version: number, start: number, more: Partial<Read> = {}): Read => ({
  client: 'reader', process: 'gateway-1#1', petId: PET, start, end: start + 5, weightKg: version, holds: true, source: 'REDIS', isUnverified: false, ...more,
})
const write = (version: number, start: number, outcome: Write['outcome'], end = start + 10): Write => ({
  petId: PET, weightKg: version, process: 'gateway-1#1', start, end, outcome,
})
const fault = (start: number, end: number, more: Partial<Fault> = {}): Fault => ({ kind: 'redis paused', start, end, losesData: false, touches: 'redis', ...more })
const computed = (at: number, more: Partial<Computed> = {}): Computed => ({ process: 'gateway-1#1', key: 'pet-1, version 1', outcome: 'stored', at, ...more })

/** Ends with every gateway showing the newest state, unless the history says itself how it ended. */
const history = ({ reads = [], commits = [commit(1, 1_000)], ...parts }: Partial<History>): History => {
  const newest = commits.at(-1)
  const ends = newest === undefined || reads.some(({ client }) => client === 'final') ? [] : finals({ ...read(newest.version, 50_000), weightKg: newest.weightKg })
  return { ...emptyHistory(), ...parts, commits, reads: [...reads, ...ends] }
}
const finals = (shown: Read): Read[] => ['gateway-1#1', 'gateway-2#1'].map((process) => ({ ...shown, client: 'final', process }))
const broken = (parts: Partial<History>): Rule[] => check(history(parts), GATEWAYS).violations.map(({ rule }) => rule)

/** Version 2 is committed at 5000 and its change answered CLEARED at 5010. */
const CHANGED = { commits: [commit(1, 1_000), commit(2, 5_000)], writes: [write(2, 4_990, 'CLEARED', 5_010)] }
const FORGETS = { losesData: true }

test('a clean history is found clean', () => {
  const findings = check(history({ ...CHANGED, reads: [read(1, 4_000), read(2, 5_020), read(2, 9_000)], computations: [computed(1_100)] }), GATEWAYS)
  expect(findings).toEqual({ violations: [], worstStalenessMs: 0, readsJudged: 5, readsUnverified: 0, mostComputationsOfAVersion: 1 })
})

test('(a) a read that began after CLEARED shows the change', () => {
  expect(broken({ ...CHANGED, reads: [read(1, 5_011)] })).toEqual(['a'])
})

test('(a) is not judged where the read began before the answer came', () => {
  expect(broken({ ...CHANGED, reads: [read(1, 5_009)] })).toEqual([])
})

test('(a) is not promised of a change that was QUEUED or got no answer', () => {
  for (const outcome of ['QUEUED', 'unknown'] as const) {
    expect(broken({ commits: CHANGED.commits, writes: [write(2, 4_990, outcome, 5_010)], reads: [read(1, 5_500)] }), outcome).toEqual([])
  }
})

test('(a) is not judged while Redis loses data, nor within a second after it', () => {
  expect(broken({ ...CHANGED, faults: [fault(5_100, 5_200, FORGETS)], reads: [read(1, 5_150)] })).toEqual([])
  expect(broken({ ...CHANGED, faults: [fault(4_100, 4_600, FORGETS)], reads: [read(1, 5_500)] })).toEqual([])
})

test('(a) is judged again a second after Redis lost data, and while a fault that loses nothing goes on', () => {
  expect(broken({ ...CHANGED, faults: [fault(4_000, 4_400, FORGETS)], reads: [read(1, 5_500)] })).toEqual(['a'])
  expect(broken({ ...CHANGED, faults: [fault(5_100, 6_000)], reads: [read(1, 5_500)] })).toEqual(['a'])
})

test('(b) no fault excuses a read over a second older than a commit', () => {
  const lossOfData = { commits: CHANGED.commits, faults: [fault(4_000, Infinity, FORGETS)] }
  expect(broken({ ...lossOfData, reads: [read(1, 6_000)] })).toEqual([])
  expect(broken({ ...lossOfData, reads: [read(1, 6_001)] })).toEqual(['b'])
})

test('(b) staleness is counted from the first change that a read lacks', () => {
  const commits = [commit(1, 1_000), commit(2, 5_000), commit(3, 6_900)]
  const { violations, worstStalenessMs } = check(history({ commits, reads: [read(1, 7_000)] }), GATEWAYS)
  expect(violations.map(({ rule }) => rule)).toEqual(['b'])
  expect(worstStalenessMs).toBe(2_000)
})

test('(b) a weight that nobody committed, or not yet, is reported', () => {
  expect(broken({ reads: [read(9, 2_000)] })).toEqual(['b'])
  expect(broken({ ...CHANGED, reads: [read(2, 4_000)] })).toEqual(['b'])
})

test('a weight that comes back is taken for the newest that has it', () => {
  const commits = [commit(1, 1_000), commit(2, 2_000), { ...commit(3, 9_000), weightKg: 1 }]
  expect(broken({ commits, reads: [{ ...read(3, 12_000), weightKg: 1 }] })).toEqual([])
  expect(broken({ commits, reads: [read(1, 8_000)] })).toEqual(['b'])
})

test('(c) a client that stays with one process never goes back', () => {
  const faults = [fault(0, Infinity, FORGETS)]
  expect(broken({ ...CHANGED, faults, reads: [read(2, 5_100), read(1, 5_200)] })).toEqual(['c'])
})

test('(c) is promised neither across processes, nor across clients, nor to a process started again', () => {
  const faults = [fault(0, Infinity, FORGETS)]
  for (const other of [{ process: 'gateway-2#1' }, { process: 'gateway-1#2' }, { client: 'another reader' }]) {
    expect(broken({ ...CHANGED, faults, reads: [read(2, 5_100), read(1, 5_200, other)] }), JSON.stringify(other)).toEqual([])
  }
})

test('(d) an acknowledged change is in Postgres', () => {
  for (const outcome of ['CLEARED', 'QUEUED'] as const) expect(broken({ writes: [write(2, 4_990, outcome)] }), outcome).toEqual(['d'])
  expect(broken({ writes: [write(2, 4_990, 'unknown')] })).toEqual([])
})

test('(d) a change of the same weight at another time is not taken for the one that was lost', () => {
  expect(broken({ ...CHANGED, writes: [write(2, 8_000, 'CLEARED')] })).toEqual(['d'])
})

test('(d) at the end every process shows the newest state', () => {
  expect(broken({ ...CHANGED, writes: [], reads: finals(read(1, 5_500)) })).toEqual(['d', 'd'])
  expect(broken({ ...CHANGED, writes: [], reads: finals(read(2, 5_500)) })).toEqual([])
})

test('(d) a gateway that does not answer at the end is not taken for one that showed the newest state', () => {
  expect(broken({ ...CHANGED, writes: [], reads: finals(read(2, 5_500)).slice(1) })).toEqual(['d'])
})

test('an answer that calls itself unverified is excused from (a) and (b) only while Postgres is away', () => {
  const reads = [read(1, 8_000, { isUnverified: true })]
  expect(broken({ ...CHANGED, reads, faults: [fault(7_000, 8_500, { touches: 'postgres' })] })).toEqual([])
  expect(broken({ ...CHANGED, reads })).toEqual(['b', 'a'])
  expect(broken({ ...CHANGED, reads, faults: [fault(7_000, 8_500)] })).toEqual(['b', 'a'])
})

test('(c) holds for unverified answers too, Postgres or not', () => {
  const faults = [fault(0, Infinity, { touches: 'postgres' })]
  expect(broken({ ...CHANGED, faults, reads: [read(2, 5_100), read(1, 5_200, { isUnverified: true })] })).toEqual(['c'])
})

test('(e) a version is computed once', () => {
  expect(broken({ computations: [computed(1_000), computed(1_050, { process: 'gateway-2#1', outcome: 'gave-way' })] })).toEqual(['e'])
  expect(broken({ computations: [computed(1_000), computed(1_050, { key: 'pet-1, version 2' })] })).toEqual([])
})

test('(e) counts what was stored or gave way', () => {
  expect(broken({ computations: [computed(1_000), computed(1_050, { outcome: 'superseded' }), computed(1_060, { outcome: 'moved' })] })).toEqual([])
})

test('(e) a fault allows one computation in each process, and no more', () => {
  const faults = [fault(2_000, 3_000)]
  const twice = [computed(2_500), computed(2_600, { process: 'gateway-2#1', outcome: 'gave-way' })]
  expect(broken({ faults, computations: twice })).toEqual([])
  expect(broken({ faults, computations: [...twice, computed(2_700, { outcome: 'gave-way' })] })).toEqual(['e'])
})

/** Of what was committed from 4000 on, version 2 is lost: the standby that lagged is the primary from 5200 on. */
const FAILED_OVER = {
  commits: [commit(1, 1_000), { ...commit(2, 9_000), weightKg: 3 }],
  writes: [write(2, 4_500, 'CLEARED', 4_520)],
  promotions: [{ lagFrom: 4_000, start: 5_000, end: 5_200 }],
}

test('(d) a failover excuses the changes that it may have lost, and no others', () => {
  expect(broken(FAILED_OVER)).toEqual([])
  expect(broken({ ...FAILED_OVER, writes: [write(2, 3_000, 'CLEARED', 3_020)] })).toEqual(['d'])
  expect(broken({ ...FAILED_OVER, writes: [write(2, 5_100, 'CLEARED', 5_120)] })).toEqual(['d'])
})

test('(b) what a failover lost is shown before it and within a second after it', () => {
  expect(broken({ ...FAILED_OVER, reads: [read(2, 4_600)] })).toEqual([])
  expect(broken({ ...FAILED_OVER, reads: [read(2, 6_200)] })).toEqual([])
  expect(broken({ ...FAILED_OVER, reads: [read(2, 6_201)] })).toEqual(['b'])
})

test('(a) and (b) what a failover lost counts until then, and what it kept counts from then on', () => {
  expect(broken({ ...FAILED_OVER, reads: [read(1, 4_600)] })).toEqual(['a'])
  const early = { ...FAILED_OVER, promotions: [{ lagFrom: 1_500, start: 8_000, end: 8_200 }] }
  expect(broken({ ...early, reads: [read(1, 5_521)] })).toEqual(['b', 'a'])
  expect(broken({ ...FAILED_OVER, reads: [read(1, 6_300)] })).toEqual([])
})

test('(c) begins again with a promotion', () => {
  expect(broken({ ...FAILED_OVER, reads: [read(2, 4_600), read(1, 6_300)] })).toEqual([])
  expect(broken({ ...FAILED_OVER, reads: [read(2, 4_600), read(1, 4_600)] })).toEqual(['a', 'c'])
})

test('(e) versions are drawn again after a promotion', () => {
  expect(broken({ ...FAILED_OVER, computations: [computed(1_000), computed(30_000)] })).toEqual([])
})

test('(b) a pet that was deleted, and one that is back, are seen so within a second', () => {
  const commits = [commit(1, 1_000), { ...commit(2, 5_000), weightKg: null }, commit(3, 8_000)]
  const gone = (start: number) => ({ ...read(2, start), weightKg: null })
  expect(broken({ commits, reads: [read(1, 5_500), gone(5_600), gone(8_900), read(3, 9_100)] })).toEqual([])
  expect(broken({ commits, reads: [read(1, 6_001)] })).toEqual(['b'])
  expect(broken({ commits, reads: [gone(9_001)] })).toEqual(['b'])
})

test('(f) an answer of the other database is found on either side', () => {
  const [ofCopy = 0] = WEIGHTS_OF_COPY
  expect(broken({ reads: [{ ...read(1, 2_000), weightKg: ofCopy }] })).toEqual(['f'])
  expect(broken({ readsOfCopy: [{ ...read(1, 2_000), weightKg: ofCopy }] })).toEqual([])
  expect(broken({ readsOfCopy: [read(1, 2_000)] })).toEqual(['f'])
})

test('(g) the marked product is gone, or back, within a second', () => {
  const marks = [{ must: 'hold' as const, at: 1_000 }, { must: 'lack' as const, at: 5_000 }, { must: 'hold' as const, at: 9_000 }]
  expect(broken({ marks, reads: [read(1, 6_000)] })).toEqual(['g'])
  expect(broken({ marks, reads: [read(1, 5_999), read(1, 6_500, { holds: false }), read(1, 9_500, { holds: false })] })).toEqual([])
  expect(broken({ marks, reads: [read(1, 10_000, { holds: false })] })).toEqual(['g'])
})

test('(h) a slow snapshot makes no answer unverified', () => {
  const reads = [read(1, 2_000, { isUnverified: true })]
  expect(broken({ reads, faults: [fault(1_500, 3_000, { kind: SLOW_SNAPSHOT, touches: 'nothing' })] })).toEqual(['h'])
  expect(broken({ reads, faults: [fault(1_500, 3_000, { touches: 'postgres' })] })).toEqual([])
})

test('(i) a device is answered for its former user no longer than five seconds', () => {
  const holders = [{ device: 'd', userId: 'one', at: 1_000 }, { device: 'd', userId: 'two', at: 5_000 }]
  const asked = (start: number, isAnswered: boolean) => ({ device: 'd', process: 'gateway-1#1', petId: PET, ownerId: 'one', start, end: start + 5, isAnswered })
  expect(broken({ holders, deviceReads: [asked(2_000, true), asked(10_000, true), asked(10_001, false)] })).toEqual([])
  expect(broken({ holders, deviceReads: [asked(10_001, true)] })).toEqual(['i'])
})
