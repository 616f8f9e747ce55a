import { z } from 'zod'
import { LIFE_STAGES, PRODUCT_FORMS, SPECIES } from '../domain/codes.ts'
import { printable, printableText } from './printable.ts'

/** `field` is '' where the line as a whole is at fault. */
export type Refusal = { field: string; reason: string }

const LONGEST_TEXT = 20_000
/** Bytes. The key and the url are indexed: Postgres refuses an index entry of more than 2,704. */
const LONGEST_KEY = 1_000
const LONGEST_URL = 2_000
const LARGEST_PRICE = 2_147_483_647

const text = (longest = LONGEST_TEXT) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes('\0'), { error: 'holds a NUL character' })
    .refine((value) => value.isWellFormed(), { error: 'holds half of a surrogate pair' })
const name = () => text(500).refine((value) => value.trim() !== '', { error: 'must not be empty' })
const key = () => name().refine((value) => Buffer.byteLength(value) <= LONGEST_KEY, { error: `must not be longer than ${LONGEST_KEY} bytes` })
const percent = () => z.number().min(0).max(100).nullable()
const isWebAddress = (value: string) => /^https?:\/\//i.test(value) && URL.canParse(value)

/** `2021-09` stands for its first day. */
const observedOn = z
  .string()
  .regex(/^\d{4}-\d{2}(-\d{2})?$/, { error: 'expected a date such as 2026-11-20 or 2026-11' })
  .transform((value) => (value.length === 7 ? `${value}-01` : value))
  .refine(isCalendarDate, { error: 'is no day of the calendar' })

function isCalendarDate(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`)
  return !value.startsWith('0000') && Number.isFinite(time) && new Date(time).toISOString().startsWith(value)
}

/**
 * One line of the format. Every field must be there, null where it is unknown: a misspelt `ingredientsText` must not
 * pass as a food without ingredients. Fields that the format does not know are ignored.
 */
const rowSchema = z.object({
  source: key(),
  sourceId: key(),
  brandName: name(),
  productName: name(),
  sizeLabel: text(500).nullable(),
  species: z.enum(SPECIES),
  form: z.enum(PRODUCT_FORMS).nullable(),
  lifeStage: z.enum(LIFE_STAGES).nullable(),
  ingredientsText: text().nullable(),
  proteinPct: percent(),
  fatPct: percent(),
  fiberPct: percent(),
  moisturePct: percent(),
  ashPct: percent(),
  calciumPct: percent(),
  phosphorusPct: percent(),
  // Pure fat has 900; less than 10 would make a daily amount of kilograms out of a slip of the point.
  kcalPer100g: z.number().min(10).max(950).nullable(),
  price: z
    .object({
      amount: z.number().positive().max(LARGEST_PRICE),
      currency: z.string().regex(/^[A-Z]{3}$/, { error: 'expected a currency code such as USD' }),
      perKg: z.number().positive().nullable(),
    })
    .nullable(),
  asOf: observedOn.nullable(),
  market: text(100).nullable(),
  claims: z.array(text(500)).max(200),
  breedSize: text(500).nullable(),
  sourceUrl: text(LONGEST_URL)
    .refine((value) => Buffer.byteLength(value) <= LONGEST_URL, { error: `must not be longer than ${LONGEST_URL} bytes` })
    .refine(isWebAddress, { error: 'expected an http or https address' })
    .nullable(),
  flags: z.array(text(500)).max(200),
})

export type ImportRow = z.output<typeof rowSchema>
export type ParsedRow = { kind: 'row'; row: ImportRow } | { kind: 'refused'; refusals: Refusal[] }

/** Parse one line. Never throws. */
export function parseRow(line: string): ParsedRow {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (error) {
    return refused('', `is not JSON: ${error instanceof Error ? printableText(error.message) : 'unreadable'}`)
  }
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return refused('', 'is not a JSON object')
  const result = rowSchema.safeParse(json, { error: explain })
  if (result.success) return { kind: 'row', row: result.data }
  return { kind: 'refused', refusals: result.error.issues.map(({ path, message }) => ({ field: path.join('.'), reason: message })) }
}

const refused = (field: string, reason: string): ParsedRow => ({ kind: 'refused', refusals: [{ field, reason }] })

function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_type') return `expected ${issue.expected}, found ${printable(issue.input)}`
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}, found ${printable(issue.input)}`
  if (issue.code === 'too_small') return `must ${issue.inclusive === false ? 'be over' : 'not be under'} ${issue.minimum}, found ${printable(issue.input)}`
  if (issue.code === 'too_big') return tooBig(issue.origin, issue.maximum, issue.input)
  return undefined
}

function tooBig(origin: string, maximum: number | bigint, input: unknown): string {
  if (origin === 'string') return `must not be longer than ${maximum} characters`
  return origin === 'array' ? `must not have more than ${maximum} entries` : `must not be over ${maximum}, found ${printable(input)}`
}
