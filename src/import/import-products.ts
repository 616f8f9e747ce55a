import type { Db } from '../db/client.ts'
import type { ProductRecord } from '../db/product-record.ts'
import { writeProducts, type WriteOutcome } from '../db/write-products.ts'
import type { KrwRates } from '../domain/prices.ts'
import { withDeadline } from '../lib/deadline.ts'
import { readLines, type Line } from './read-lines.ts'
import { parseRow, type Refusal } from './row.ts'
import { toProduct, type ProductOrRefusal } from './to-product.ts'
import { whatFailed } from './write-failure.ts'

export type ImportCounts = Record<WriteOutcome | 'refused', number>
export type RefusedRow = { line: number; refusals: readonly Refusal[] }

/** Everything up to and including line `writtenUpTo` is in the database or was refused; nothing after it. */
export class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError'
  readonly writtenUpTo: number
  readonly counts: ImportCounts
  constructor(writtenUpTo: number, counts: ImportCounts, cause: unknown) {
    super(`stopped after line ${writtenUpTo}`, { cause })
    this.writtenUpTo = writtenUpTo
    this.counts = counts
  }
}

export type ImportOptions = {
  db: Db
  chunks: AsyncIterable<Uint8Array>
  rates: KrwRates
  onRefused: (row: RefusedRow) => void
  /** After each batch. */
  onProgress?: (line: number, counts: Readonly<ImportCounts>) => void
  batchSize?: number
}

const BATCH_SIZE = 200
/** Of one batch; Postgres gives up before (see the caller's statement timeout). */
const BATCH_DEADLINE_MS = 90_000

type Pending = { line: number; product: ProductRecord }

/**
 * Import a file of products, one JSON object a line, a batch to a transaction. A row that is broken is refused and told;
 * the others go on. Of two rows with the same source and sourceId the first counts. Throws ImportStoppedError when the
 * database or the file is lost on the way.
 */
export async function importProducts(options: ImportOptions): Promise<ImportCounts> {
  const { db, chunks, rates, onRefused, onProgress, batchSize = BATCH_SIZE } = options
  const counts: ImportCounts = { inserted: 0, changed: 0, unchanged: 0, refused: 0 }
  const lineOf = new Map<string, number>()
  let pending: Pending[] = []
  let seen = 0
  let writtenUpTo = 0

  const refuse = (row: RefusedRow) => {
    counts.refused++
    onRefused(row)
  }
  const flush = async () => {
    const batch = pending
    pending = []
    for (const { line, result } of await writeBatch(db, batch)) {
      if (typeof result === 'string') counts[result]++
      else refuse({ line, refusals: [result] })
    }
    writtenUpTo = seen
    onProgress?.(seen, counts)
  }

  try {
    for await (const line of readLines(chunks)) {
      seen = line.number
      const read = readProduct(line, rates)
      if (read.kind === 'refused') {
        refuse({ line: line.number, refusals: read.refusals })
        continue
      }
      const key = JSON.stringify([read.product.source, read.product.sourceId])
      const first = lineOf.get(key)
      if (first !== undefined) {
        refuse({ line: line.number, refusals: [{ field: 'sourceId', reason: `is the same as in line ${first}, which counts` }] })
        continue
      }
      lineOf.set(key, line.number)
      pending.push({ line: line.number, product: read.product })
      if (pending.length >= batchSize) await flush()
    }
    await flush()
  } catch (error) {
    throw new ImportStoppedError(writtenUpTo, counts, error)
  }
  return counts
}

function readProduct(line: Line, rates: KrwRates): ProductOrRefusal {
  if (line.kind === 'unreadable') return { kind: 'refused', refusals: [{ field: '', reason: line.reason }] }
  const parsed = parseRow(line.text)
  return parsed.kind === 'refused' ? parsed : toProduct(parsed.row, rates)
}

type Written = { line: number; result: WriteOutcome | Refusal }

const MOST_ATTEMPTS = 3

/** All in one transaction; where Postgres refuses a row in it, each in its own, so that only that row is left out. */
async function writeBatch(db: Db, batch: readonly Pending[], attempt = 1): Promise<Written[]> {
  if (batch.length === 0) return []
  try {
    const outcomes = await withDeadline('writing a batch', BATCH_DEADLINE_MS, writeProducts(db, batch.map(({ product }) => product)))
    return batch.map(({ line }, at) => ({ line, result: outcomes[at] ?? 'unchanged' }))
  } catch (error) {
    const failure = whatFailed(error)
    if (failure.kind === 'collision' && attempt < MOST_ATTEMPTS) return writeBatch(db, batch, attempt + 1)
    if (failure.kind !== 'row') throw error
    const [only, ...others] = batch
    if (only !== undefined && others.length === 0) return [{ line: only.line, result: { field: '', reason: failure.reason } }]
    const written: Written[] = []
    for (const row of batch) written.push(...(await writeBatch(db, [row])))
    return written
  }
}
