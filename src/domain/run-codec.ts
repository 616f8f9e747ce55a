import { z } from 'zod'
import { createJsonCheck } from '../lib/json-check.ts'
import { itemHeadsSchema, putTogether, takeApart, type ItemHead } from './run-parts.ts'
import { itemSchema, runSchema } from './run-schema.ts'
import type { RunItem, StoredRun } from './run.ts'

/**
 * The one written form of a run. Redis keeps all of it, Postgres keeps the items as a text of the same schema, so a run
 * reads the same from either. A change of any field in run-schema.ts raises RUN_FORMAT: values of another format are then
 * misses, and rows of another format stand beside ours.
 *
 * What is written is JSON, and after it the parts that its items share, JSON each (see run-parts.ts). JSON holds no control
 * characters, so one of them stands before each part: the one that RFC 7464 has for this. A text without any is whole, as
 * an older release wrote it, or has no items; it is read as ever.
 */
export const RUN_FORMAT = 2
const PREFIX = `${RUN_FORMAT}`
const SEPARATOR = '\x1e'

type WrittenRun = Omit<StoredRun, 'lineage'>
const isRun = createJsonCheck<WrittenRun>(runSchema)
const isRunHead = createJsonCheck<Omit<WrittenRun, 'items'> & { items: ItemHead[] }>(runSchema.extend({ items: itemHeadsSchema }))
const areItems = createJsonCheck<RunItem[]>(runSchema.shape.items)
const areItemHeads = createJsonCheck<ItemHead[]>(itemHeadsSchema)

export function encodeRun({ lineage: _lineage, ...run }: StoredRun): string {
  const { heads, texts } = takeApart(run.items)
  return PREFIX + [JSON.stringify({ ...run, items: heads }), ...texts].join(SEPARATOR)
}

/**
 * A run of the lineage that its key names. Undefined for anything that is not of this very format, as this release or
 * one before writes it. Never throws.
 */
export function decodeRun(text: string, lineage: string): StoredRun | undefined {
  if (!text.startsWith(PREFIX)) return undefined
  const [first = '', ...texts] = text.slice(PREFIX.length).split(SEPARATOR)
  try {
    const run: unknown = JSON.parse(first)
    if (texts.length === 0) return isRun(run) ? { ...run, lineage } : undefined
    return isRunHead(run) ? { ...run, lineage, items: putTogether(run.items, texts) } : undefined
  } catch {
    return undefined
  }
}

const itemsOfFormat1 = z.array(itemSchema.omit({ explanations: true }).transform((item) => ({ ...item, explanations: {} }))).max(10)

/** How items of each format are read. Runs of formats before ours are no answers any more, but people still look at them. */
const ITEMS_BY_FORMAT: Readonly<Record<number, (items: unknown, texts: readonly string[]) => RunItem[] | undefined>> = {
  1: (items, texts) => (texts.length === 0 ? itemsOfFormat1.safeParse(items).data : undefined),
  [RUN_FORMAT]: (items, texts) => {
    if (texts.length === 0) return areItems(items) ? items : undefined
    return areItemHeads(items) ? putTogether(items, texts) : undefined
  },
}
export const READABLE_FORMATS = Object.keys(ITEMS_BY_FORMAT).map(Number)

export function encodeItems(items: readonly RunItem[]): string {
  const { heads, texts } = takeApart(items)
  return [JSON.stringify(heads), ...texts].join(SEPARATOR)
}

/** Best first. Undefined for anything that is not of the format that it is said to be of. Never throws. */
export function decodeItems(text: string, format = RUN_FORMAT): RunItem[] | undefined {
  const [first = '', ...texts] = text.split(SEPARATOR)
  try {
    return ITEMS_BY_FORMAT[format]?.(JSON.parse(first), texts)
  } catch {
    return undefined
  }
}
