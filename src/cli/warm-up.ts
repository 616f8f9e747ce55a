import { parseArgs } from 'node:util'
import { policies } from '../cache/policies.ts'
import { parseConfig } from '../config.ts'
import { createCatalogue } from '../db/catalogue.ts'
import { createComputeInputReader } from '../db/compute-input.ts'
import { createPetsWithoutRun } from '../db/pets-without-run.ts'
import { createRunStore } from '../db/runs.ts'
import { createLogger } from '../lib/logger.ts'
import { createMetrics } from '../lib/metrics.ts'
import { createTurns } from '../lib/turns.ts'
import { createComputation } from '../recommend/computation.ts'
import { createWarmUp, type WarmUpCounts } from '../recommend/warm-up.ts'
import { commandVariables } from './command-variables.ts'
import { environment } from './environment.ts'
import { openDatabase } from './open-database.ts'
import { describeError, runCommand, type ExitCode } from './run-command.ts'

const USAGE = `Usage: npm run warm-up [-- --at-once N]

Computes and stores a recommendation for every pet that has no valid one, as after an import or clearAllRecommendationCaches,
so that no reader waits for it. N pets at once, 1 to 16, else 2. Can be stopped at any time: what is stored is not computed
again. Ends with 0 when every pet was tried and none failed, 1 when one did or it could not go on, 2 when it was called wrongly.
`
const PETS_BETWEEN_REPORTS = 1_000

/** Runs beside a gateway: it writes runs as a gateway does, and readers find them in Postgres, so it needs no Redis. */
async function warmUp(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const atOnce = readAtOnce(args)
  if (atOnce === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const config = parseConfig(commandVariables(env))
  const database = await openDatabase(config, { connections: atOnce })
  const { db } = database
  try {
    const petsWithoutRun = createPetsWithoutRun(db)
    const total = await petsWithoutRun.count()
    process.stderr.write(`Warming up ${total} pets in ${database.where}\n`)
    const monotonicNow = () => performance.now()
    const compute = createComputation({
      readInputs: createComputeInputReader(db),
      catalogue: createCatalogue({ db, krwRates: config.krwRates }),
      runs: createRunStore(db),
      turns: createTurns({ sliceMs: policies.scoringSliceMs, monotonicNow }),
      metrics: createMetrics(),
      logger: createLogger('silent'),
      monotonicNow,
    })
    const onProgress = (counts: Readonly<WarmUpCounts>) => {
      const done = counts.stored + counts.overtaken + counts.gone + counts.failed
      if (done % PETS_BETWEEN_REPORTS === 0) process.stderr.write(`${done} of ${total}: ${describe(counts)}\n`)
    }
    const began = monotonicNow()
    const { counts, firstFailure } = await createWarmUp({ petsWithoutRun, compute, atOnce, onProgress })()
    process.stdout.write(`Warmed up (${((monotonicNow() - began) / 1_000).toFixed(1)} s): ${describe(counts)}\n`)
    if (counts.failed === 0) return 0
    process.stderr.write(`The first that failed: ${describeError(firstFailure)}\n`)
    return 1
  } finally {
    await database.close()
  }
}

function readAtOnce(args: readonly string[]): number | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'at-once': { type: 'string', default: '2' } } })
    const atOnce = Number(values['at-once'])
    return Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= 16 ? atOnce : undefined
  } catch {
    return undefined
  }
}

const describe = ({ stored, overtaken, gone, failed }: Readonly<WarmUpCounts>): string =>
  `${stored} stored, ${overtaken} overtaken by changes, ${gone} deleted meanwhile, ${failed} failed`

await runCommand(() => warmUp(process.argv.slice(2), environment()))
