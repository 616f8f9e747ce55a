import { expect, test } from 'vitest'
import { createCircuit } from '../../src/lib/circuit.ts'

const passes = async () => {}
const fails = () => Promise.reject(new Error('away'))

function world() {
  let now = 0
  const circuit = createCircuit({ failuresToOpen: 5, probeMs: 1_000, probeMaxMs: 60_000, monotonicNow: () => now })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    circuit,
    wait: (ms: number) => void (now += ms),
    failTimes: async (times: number) => {
      for (let i = 0; i < times; i++) circuit.failed(new Error('away'))
      await settle()
    },
  }
}

test('five failures open it, fewer do not, and a good check forgets them', async () => {
  const { circuit, failTimes } = world()
  await failTimes(4)
  expect(circuit.isClosed()).toBe(true)
  expect(await circuit.check(passes)).toBe('passed')
  await failTimes(4)
  expect(circuit.isClosed()).toBe(true)
  await failTimes(1)
  expect(circuit.state()).toBe('OPEN')
})

test('probes come after 1 s, then after twice the wait up to 60 s, and the first that passes closes it', async () => {
  const { circuit, wait, failTimes } = world()
  await failTimes(5)
  const waits = [1, 2, 4, 8, 16, 32, 60, 60]
  for (const seconds of waits) {
    wait(seconds * 1_000 - 1)
    expect(await circuit.check(fails)).toBe('not-due')
    wait(1)
    expect(await circuit.check(fails)).toBe('failed')
    expect(circuit.state()).toBe('OPEN')
  }
  wait(60_000)
  expect(await circuit.check(passes)).toBe('passed')
  expect(circuit.isClosed()).toBe(true)
  await failTimes(5)
  wait(1_000)
  expect(await circuit.check(passes)).toBe('passed')
})

test('ordinary work is never taken for a probe: its failures while the circuit is open change nothing', async () => {
  const { circuit, wait, failTimes } = world()
  await failTimes(5)
  wait(1_000)
  await failTimes(3)
  expect(await circuit.check(passes)).toBe('passed')
})

test('where there is hope the next probe is due at once', async () => {
  const { circuit, wait, failTimes } = world()
  await failTimes(5)
  for (const ms of [1_000, 2_000, 4_000]) {
    wait(ms)
    await circuit.check(fails)
  }
  circuit.hope()
  expect(await circuit.check(passes)).toBe('passed')
})
