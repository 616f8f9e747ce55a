import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Transform } from 'node:stream'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

let database: TestDatabase
let proxy: TcpProxy
let isCut = false

/** Cuts the first connection on which Postgres answers what the driver asks of types. */
const cutAtTypes = () =>
  new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (isCut || !chunk.includes('typarray')) return done(null, chunk)
      isCut = true
      setImmediate(() => proxy.retarget(port))
      done()
    },
  })
let port: number

beforeAll(async () => {
  database = await createTestDatabase()
  port = Number(new URL(database.url).port)
  proxy = await createTcpProxy(port, cutAtTypes)
})
afterAll(async () => {
  await proxy?.close()
  await database?.drop()
})

// In a process of its own: what is rejected unheard would end the test's.
const CHILD = `
  import { connect } from './src/db/client.ts'
  import { outliveLostTypeQuestions } from './src/db/lost-type-question.ts'
  outliveLostTypeQuestions(() => console.log('a new connection was lost'))
  const { sql, close } = connect(process.env.URL_OF_POSTGRES, { max: 1 })
  const ask = () => sql\`select 'answered' as said\`
  const [row] = await ask().catch(ask)
  console.log(row.said)
  await close()
  if (process.env.THEN_REJECT) void Promise.reject(new Error('unheard'))
`
const child = (env: Record<string, string>) => {
  const url = new URL(database.url)
  url.port = String(proxy.port)
  return run(process.execPath, ['--input-type=module', '-e', CHILD], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], URL_OF_POSTGRES: url.href, ...env },
  })
}

test('a process outlives a connection that is lost while the driver asks it for types', async () => {
  isCut = false
  expect((await child({})).stdout.split('\n')).toEqual(['a new connection was lost', 'answered', ''])
})

test('whatever else is rejected unheard ends the process', async () => {
  isCut = true
  await expect(child({ THEN_REJECT: 'yes' })).rejects.toThrow('unheard')
})
