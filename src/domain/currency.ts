/** ISO 4217: currencies whose minor unit is not a hundredth. */
const MINOR_UNIT_DIGITS = new Map<string, number>([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (code) => [code, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
])

/** Digits after the point: 2 for USD, 0 for KRW, 3 for KWD. */
export const minorUnitDigits = (currency: string): number => MINOR_UNIT_DIGITS.get(currency) ?? 2

/**
 * Whole minor units of an amount as printed: 12.99 USD is 1299, 12900 KRW is 12900. Null where the currency has no such
 * unit (12.5 KRW, 1.999 USD): rounding would invent a price.
 */
export function toMinorUnits(amount: number, currency: string): number | null {
  const exact = amount * 10 ** minorUnitDigits(currency)
  const whole = Math.round(exact)
  // 19.99 * 100 is 1998.9999999999998: off by the arithmetic, not by the price.
  return Math.abs(exact - whole) <= Math.max(1, whole) * 1e-9 ? whole : null
}
