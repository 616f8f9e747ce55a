import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDistribution } from '../../src/lib/distribution.ts'

const of = (values: readonly number[]) => {
  const distribution = createDistribution({ largest: 60_000, stepsPerUnit: 1_000 })
  for (const value of values) distribution.record(value)
  return distribution.figures()
}

test('the figures are those of the values, right to a thousandth', () =>
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }), (values) => {
      const sorted = values.toSorted((a, b) => a - b)
      const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, rank - 1))] ?? NaN
      const { count, p50, p95, p99, max } = of(values)
      expect(count).toBe(values.length)
      for (const [figure, percent] of [[p50, 50], [p95, 95], [p99, 99], [max, 100]] as const) {
        // Between the two values that the rank lies between.
        const rank = (percent / 100) * sorted.length
        const [least, most] = [at(Math.floor(rank)), at(Math.ceil(rank))]
        expect(figure).toBeGreaterThanOrEqual(least * 0.999 - 0.001)
        expect(figure).toBeLessThanOrEqual(most * 1.001 + 0.001)
      }
    }),
  ))

test('nothing measured is null and not zero', () => {
  expect(of([])).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null })
})

test('what is too small or too large to tell counts, and as the least and the largest', () => {
  const { count, p50, max } = of([0, 0, 0, 1e9])
  expect([count, p50]).toEqual([4, 0.001])
  expect(max).toBeGreaterThanOrEqual(60_000)
  expect(max).toBeLessThan(60_100)
})
