import { z } from 'zod'
import { badInput } from './errors.ts'

/** Throws BAD_USER_INPUT naming every field that is wrong, under `root` (`input.weightKg`). */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, root: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw badInput(parsed.error.issues.map(({ path, message }) => ({ path: [root, ...path.map(String)].join('.'), message })))
}

/** Entries of a list that is sent. */
const LONGEST_LIST = 50

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws BAD_USER_INPUT for anything but a UUID. In lower case, as Postgres writes it: keys are made of it. */
export function parseId(value: string | number, path: string): string {
  const text = String(value)
  if (!isId(text)) throw badInput([{ path, message: 'Expected a UUID.' }])
  return text.toLowerCase()
}

export const isId = (text: string): boolean => UUID.test(text)

/** Nothing in it that Postgres could not store or a screen not show. */
export const isPrintable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text)

/** Text a person wrote: trimmed, bounded and printable. */
export const humanText = (what: string, maxLength: number, lines: 'one line' | 'many lines' = 'one line') => {
  const withoutBreaks = lines === 'one line' ? (text: string) => text : (text: string) => text.replaceAll(/[\n\r\t]/g, '')
  return z
    .string()
    .refine((text) => isPrintable(withoutBreaks(text)), `${what} must not hold control characters or broken Unicode.`)
    .transform((text) => text.trim().normalize('NFC'))
    .refine((text) => text.length > 0, `${what} must not be empty.`)
    .refine((text) => [...text].length <= maxLength, `${what} must not be longer than ${maxLength} characters.`)
}

/** Codes in any order; sent twice, one counts once. No list of codes is longer than LONGEST_LIST, so nor is what is sent. */
export const codeList = <const T extends readonly string[]>(codes: T) =>
  z.array(z.enum(codes)).max(LONGEST_LIST, `Expected ${LONGEST_LIST} codes or less.`).transform(distinct)

export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)]
