import { expect, test } from 'vitest'
import { createAdmission } from '../../src/lib/admission.ts'
import { OverloadedError } from '../../src/lib/overloaded.ts'

const NEVER_MS = 1_000_000

function stageOf(limits: { atOnce: number; queued: number; waitMs?: number }) {
  let refused = 0
  const admit = createAdmission({ what: 'work', waitMs: NEVER_MS, retryAfterMs: 2_000, onRefused: () => refused++, ...limits })
  const begun: number[] = []
  const gates: PromiseWithResolvers<void>[] = []
  const come = (i: number) => {
    const gate = Promise.withResolvers<void>()
    gates[i] = gate
    return admit(async () => {
      begun.push(i)
      await gate.promise
      return i
    })
  }
  return { come, begun, finish: (i: number) => gates[i]?.resolve(), fail: (i: number) => gates[i]?.reject(new Error('failed')), refusals: () => refused }
}

test('so many work at once, so many wait in their order, and the rest is turned away at once', async () => {
  const { come, begun, finish, refusals } = stageOf({ atOnce: 2, queued: 2 })
  const first = [0, 1, 2, 3].map(come)
  await expect(come(4)).rejects.toThrow(OverloadedError)
  expect(begun).toEqual([0, 1])
  finish(1)
  expect(await first[1]).toBe(1)
  expect(begun).toEqual([0, 1, 2])
  const late = come(5)
  finish(0)
  expect(await first[0]).toBe(0)
  expect(begun).toEqual([0, 1, 2, 3])
  for (const i of [2, 3, 5]) finish(i)
  expect(await Promise.all([...first, late])).toEqual([0, 1, 2, 3, 5])
  expect(refusals()).toBe(1)
})

test('work that fails gives its place on', async () => {
  const { come, fail, finish } = stageOf({ atOnce: 1, queued: 1 })
  const [failing, next] = [come(0), come(1)]
  fail(0)
  await expect(failing).rejects.toThrow('failed')
  finish(1)
  expect(await next).toBe(1)
  const again = come(2)
  finish(2)
  expect(await again).toBe(2)
})

test('nobody waits beyond the deadline, and whoever gave up takes no place afterwards', async () => {
  const { come, begun, finish, refusals } = stageOf({ atOnce: 1, queued: 5, waitMs: 1 })
  const running = come(0)
  await expect(come(1)).rejects.toMatchObject({ name: 'OverloadedError', retryAfterMs: 2_000 })
  finish(0)
  await running
  const next = come(2)
  finish(2)
  expect(await next).toBe(2)
  expect(begun).toEqual([0, 2])
  expect(refusals()).toBe(1)
})
