import { MultiBar } from 'cli-progress'
import type { ImportCounts, RefusedRow } from './import-products.ts'

/** What the importer tells whoever runs it: refused rows and progress on stderr, the summary on stdout. */
export type Report = {
  refused(row: RefusedRow): void
  /** `bytes` of the file read by now. */
  progress(bytes: number, line: number, counts: Readonly<ImportCounts>): void
  /** Ends the bar; nothing is reported after it. */
  end(): void
}

export type ReportOptions = {
  stderr: NodeJS.WriteStream
  /** 0 where it is not known, as for a pipe. */
  totalBytes: number
}

/** A bar on a terminal, plain lines anywhere else. */
export const createReport = (options: ReportOptions): Report =>
  options.stderr.isTTY && options.totalBytes > 0 ? createBarReport(options) : createLineReport(options)

const LINES_BETWEEN_REPORTS = 1_000

function createLineReport({ stderr }: ReportOptions): Report {
  let nextAt = LINES_BETWEEN_REPORTS
  return {
    refused: (row) => void stderr.write(`${describeRefused(row)}\n`),
    progress: (_bytes, line, counts) => {
      if (line < nextAt) return
      nextAt = line - (line % LINES_BETWEEN_REPORTS) + LINES_BETWEEN_REPORTS
      stderr.write(`${formatCount(line)} lines read: ${describeCounts(counts)}\n`)
    },
    end: () => {},
  }
}

/** The bar draws itself on a timer; lines go above it through its own log, or the two would overwrite each other. */
function createBarReport({ stderr, totalBytes }: ReportOptions): Report {
  const bars = new MultiBar({
    stream: stderr,
    format: '{bar} {percentage}% | {line} lines | {counts}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    // Its own handler would keep Ctrl-C from ending the process.
    gracefulExit: false,
    linewrap: true,
  })
  const bar = bars.create(totalBytes, 0, { line: '0', counts: 'reading' })
  return {
    refused: (row) => void bars.log(`${describeRefused(row)}\n`),
    progress: (bytes, line, counts) => void bar.update(Math.min(bytes, totalBytes), { line: formatCount(line), counts: describeCounts(counts) }),
    end: () => {
      bars.update() // stop() alone would drop what was logged since the last drawing
      bars.stop()
    },
  }
}

const formatCount = (count: number) => count.toLocaleString('en')

const MOST_REASONS = 5

/** `line 17: proteinPct: must not be under 0, found -3; species: …` */
export function describeRefused({ line, refusals }: RefusedRow): string {
  const told = refusals.slice(0, MOST_REASONS).map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`))
  const more = refusals.length - told.length
  return `line ${line}: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

export const describeCounts = ({ inserted, changed, unchanged, refused }: Readonly<ImportCounts>): string =>
  Object.entries({ inserted, changed, unchanged, refused }).map(([name, count]) => `${formatCount(count)} ${name}`).join(', ')

/** The last line: says it in words where a run changed nothing. */
export function describeSummary(counts: Readonly<ImportCounts>, seconds: number): string {
  const changedNothing = counts.inserted === 0 && counts.changed === 0
  return `${changedNothing ? 'Nothing changed' : 'Imported'} (${seconds.toFixed(1)} s): ${describeCounts(counts)}`
}
