import { connect } from '../../src/db/client.ts'
import { createRunStore, type RunStore } from '../../src/db/runs.ts'
import type { MadeFrom } from '../../src/db/store-run.ts'
import type { Run } from '../../src/domain/run.ts'
import { createClient } from './client.ts'
import { ms, spread, table } from './figures.ts'
import type { Bench } from './stage.ts'

const CLIENTS = 48
const ALONE_MS = 3_000

type Current = { run: Run; from: MadeFrom }
/** `make` returns why it failed. */
type Change = { name: string; times: number; make: (round: number) => Promise<string | undefined> }

/**
 * `change` is made `times` times while 48 clients of Postgres store runs of one pet as fast as they can, each under
 * conditions of its own, as so many computations would end. Nothing is computed, so that what is measured is locks.
 * Returns a table: how long the change took, how often it failed, and how many stores a second there were beside it.
 */
export async function besideStores(bench: Bench, url: string, change: Change): Promise<string> {
  const { close, db } = connect(bench.databaseUrl, { max: CLIENTS })
  const runs = createRunStore(db)
  const reader = createClient(bench.tokens.user)
  const petId = bench.petIds[0] ?? ''
  /** As the gateway has just computed or found it: every change retires what was there. */
  const standing = async (): Promise<Current> => {
    for (;;) {
      await reader.recommendations(url, petId)
      const found = await currentRun(bench, runs, petId)
      if (found !== undefined) return found
    }
  }
  let current = await standing()
  let isRunning = true
  const outcomes = { stored: 0, superseded: 0, failed: 0 }
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let i = 0; isRunning; i++) {
      const { run, from } = current
      const conditionsHash = `bench ${change.name} ${client} ${i}`
      const storing = runs.store({ ...run, conditionsHash }, from)
      const kind = await storing.then((outcome) => outcome.kind, () => 'failed' as const)
      outcomes[kind === 'gave-way' ? 'stored' : kind]++
    }
  })
  await new Promise((resolve) => setTimeout(resolve, ALONE_MS))
  const alone = outcomes.stored / (ALONE_MS / 1_000)
  const took: number[] = []
  const problems: string[] = []
  for (let round = 1; round <= change.times; round++) {
    const began = performance.now()
    const problem = await change.make(round)
    took.push(performance.now() - began)
    if (problem !== undefined) problems.push(problem)
    current = await standing()
  }
  isRunning = false
  await Promise.all(clients)
  await close()
  const { n, p50, p99, max } = spread(took)
  const head = ['beside 48 storing clients', 'n', 'failed', 'p50 ms', 'p99', 'max', 'stores a second before it']
  const row = [change.name, String(n), String(problems.length), ms(p50), ms(p99), ms(max), alone.toFixed(0)]
  const ofStores = Object.entries(outcomes)
  const rows = [[...head, ...ofStores.map(([kind]) => `stores ${kind}`)], [...row, ...ofStores.map(([, count]) => String(count))]]
  return [table(rows), ...new Set(problems.map((problem) => `FAILED: ${problem.slice(0, 200)}`))].join('\n')
}

async function currentRun({ database: { sql } }: Bench, runs: RunStore, petId: string): Promise<Current | undefined> {
  const [held] = await runs.readStandings([petId], [''])
  if (held?.run === undefined) return undefined
  const { run } = held.run
  const rows = await sql`select id, revision from products where id = any(${run.items.map(({ product }) => product.id)}::uuid[])`
  const revisions = new Map(rows.map(({ id, revision }) => [String(id), Number(revision)]))
  return { run, from: { catalogueVersion: 0, revisions } }
}
