import { open } from 'node:fs/promises'
import { parseConfig } from '../config.ts'
import { importProducts, ImportStoppedError } from '../import/import-products.ts'
import { createReport, describeCounts, describeSummary } from '../import/report.ts'
import { commandVariables } from './command-variables.ts'
import { environment } from './environment.ts'
import { openDatabase } from './open-database.ts'
import { describeError, runCommand, type ExitCode } from './run-command.ts'

const USAGE = `Usage: npm run import -- FILE.ndjson

Imports products, one JSON object a line. A row that cannot be taken is refused, with its line, field and reason, and the
others go on. Ends with 0 when the file was read to its end (refused rows included), 1 when it could not be, 2 when it was
called wrongly.
`

/** Runs beside a gateway: the triggers of what it writes wake the gateways' relays, so it needs no Redis. */
async function importFile(paths: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const [path, ...more] = paths
  if (path === undefined || more.length > 0 || path.startsWith('-')) return fail(USAGE)
  const file = await open(path).catch((error: unknown) => describeError(error))
  if (typeof file === 'string') return fail(`${path} cannot be read: ${file}\n\n${USAGE}`)
  try {
    const stat = await file.stat()
    if (stat.isDirectory()) return fail(`${path} is a folder\n\n${USAGE}`)
    const config = parseConfig(commandVariables(env))
    const database = await openDatabase(config)
    process.stderr.write(`Importing ${path} into ${database.where}\n`)
    const chunks = file.createReadStream({ autoClose: false })
    const report = createReport({ stderr: process.stderr, totalBytes: stat.size })
    const start = performance.now()
    try {
      const counts = await importProducts({
        db: database.db,
        chunks,
        rates: config.krwRates,
        onRefused: report.refused,
        onProgress: (line, soFar) => report.progress(chunks.bytesRead, line, soFar),
      })
      report.end()
      process.stdout.write(`${describeSummary(counts, (performance.now() - start) / 1000)}\n`)
      return 0
    } catch (error) {
      report.end()
      if (!(error instanceof ImportStoppedError)) throw error
      process.stderr.write(`Stopped after line ${error.writtenUpTo}: ${describeError(error.cause)}\n`)
      process.stderr.write(`So far: ${describeCounts(error.counts)}. Run it again: what is there already is left as it is.\n`)
      return 1
    } finally {
      await database.close()
    }
  } finally {
    await file.close()
  }
}

function fail(message: string): ExitCode {
  process.stderr.write(message)
  return 2
}

await runCommand(() => importFile(process.argv.slice(2), environment()))
