const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** Such as 7 or 92.1. */
const STANDS_ALREADY = /^\d{1,3}(?:\.\d)?$/

/**
 * A figure as both languages write it: thousands with a comma, one place after the point at most. The formatter takes a
 * microsecond for each, and a recommendation has a hundred: what most of them are is written without it.
 */
export function figure(value: number): string {
  if (value >= 1_000 && Number.isSafeInteger(value)) return grouped(value)
  const text = String(value)
  // A zero may be a negative one, which the formatter writes so.
  return value !== 0 && STANDS_ALREADY.test(text) ? text : FORMAT.format(value)
}

const grouped = (value: number): string =>
  value < 1_000 ? String(value) : `${grouped(Math.floor(value / 1_000))},${String(value % 1_000).padStart(3, '0')}`
