/**
 * Half up, to so many decimals. The hair added puts back what binary fractions lose: 0.6 x 75.75 is 45.449999999999996 and
 * is meant as 45.45. Never -0, which JSON would turn into 0.
 */
export function roundTo(value: number, decimals: 0 | 1 | 2): number {
  const scale = 10 ** decimals
  return Math.round(value * scale + 1e-9) / scale + 0
}
