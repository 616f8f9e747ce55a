const LONGEST_VALUE = 60
const LONGEST_TEXT = 300

/** Of text from a file or a driver, safe on a terminal: it must not move the cursor of whoever imports it. */
export function printableText(text: string, longest = LONGEST_TEXT): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?').toWellFormed()
}

/** A value as it stood in the file, shortened. */
export function printable(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value !== null && typeof value === 'object') return 'an object'
  return printableText(typeof value === 'string' ? JSON.stringify(value) : String(value), LONGEST_VALUE)
}
