import { expect, test } from 'vitest'
import { traceIdOf } from '../../src/http/trace-id.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

test.each([`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-00`, `01-${TRACE}-${PARENT}-01`, `cc-${TRACE}-${PARENT}-01-what-comes-later`])('%s names its trace', (traceparent) => {
  expect(traceIdOf(traceparent)).toBe(TRACE)
})

test.each([
  '', TRACE, `00-${TRACE}-${PARENT}`, `00-${TRACE}-${PARENT}-01-more`, `ff-${TRACE}-${PARENT}-01`, `00-${'0'.repeat(32)}-${PARENT}-01`, `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${PARENT}-01`, `00-${TRACE}-${PARENT}-1`, `01-${TRACE}-${PARENT}-01more`, ` 00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01\n`,
  `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
])('%j is ignored', (traceparent) => {
  expect(traceIdOf(traceparent)).toBeUndefined()
})
