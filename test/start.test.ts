import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { temporaryFolder } from './support/temp-folder.ts'
import { waitUntil } from './support/wait-until.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const BORI = '7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01'

type Started = { process: ChildProcess; output: () => string; url: () => string; ended: Promise<number | null> }

const started: Started[] = []
afterEach(async () => {
  for (const { process } of started) process.kill('SIGTERM')
  await Promise.all(started.splice(0).map(({ ended }) => ended))
})

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const one = {
    process: child,
    output: () => output,
    url: () => /GraphiQL +(\S+)/.exec(output)?.[1] ?? '',
    ended: new Promise<number | null>((resolve) => child.on('exit', resolve)),
  }
  started.push(one)
  return one
}

const isUp = (one: Started) => waitUntil('the gateway is up', async () => one.url() !== '', { withinMs: 30_000 })

async function ask(one: Started): Promise<{ source: string; items: unknown[] }> {
  const response = await fetch(one.url(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-device-uid': 'demo-device' },
    body: JSON.stringify({ query: `{ recommendations(petId: "${BORI}") { source items { rank } } }` }),
  })
  return (await response.json()).data.recommendations
}

test('a start with nothing configured answers the demo, and its data and tokens outlive a SIGKILL', { timeout: 90_000 }, async () => {
  const env = { DATA_DIR: await temporaryFolder(), LOG_LEVEL: 'warn' }
  const first = start(env)
  await isUp(first)
  expect(await ask(first)).toMatchObject({ source: 'COMPUTED', items: { length: 10 } })
  expect((await ask(first)).source).toBe('MEMORY')
  const token = /User +(Bearer \S+)/.exec(first.output())?.[1] ?? ''

  first.process.kill('SIGKILL')
  await first.ended
  const second = start(env)
  await isUp(second)
  const response = await fetch(second.url(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: token },
    body: JSON.stringify({ query: `{ recommendations(petId: "${BORI}") { isCached } }` }),
  })
  expect(await response.json()).toEqual({ data: { recommendations: { isCached: true } } })
})

test('Ctrl-C stops everything and leaves with 0', { timeout: 60_000 }, async () => {
  const one = start({ DATA_DIR: await temporaryFolder(), LOG_LEVEL: 'warn' })
  await isUp(one)
  one.process.kill('SIGINT')
  expect(await one.ended).toBe(0)
})

test('a taken port is one clear sentence', { timeout: 60_000 }, async () => {
  const one = start({ DATA_DIR: await temporaryFolder(), LOG_LEVEL: 'warn' })
  await isUp(one)
  const port = new URL(one.url()).port
  const other = start({ DATA_DIR: await temporaryFolder(), LOG_LEVEL: 'warn', PORT: port })
  expect(await other.ended).toBe(1)
  expect(other.output()).toContain(`Port ${port} is taken by another program.`)
})

test('a wrong variable stops the start before anything is started', async () => {
  const one = start({ DATA_DIR: await temporaryFolder(), REDIS_URL: 'nonsense' })
  expect(await one.ended).toBe(1)
  expect(one.output()).toContain('REDIS_URL: expected redis://host:6379')
})
