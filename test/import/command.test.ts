import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { connect } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { startEmbeddedServers } from '../../src/embedded/embedded-servers.ts'
import { createTestDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import { buildRow } from './build-row.ts'

const source = (name: string) => fileURLToPath(new URL(`../../src/cli/${name}.ts`, import.meta.url))

/** As `npm run` starts it, with nothing configured but what is said. */
const runCommand = (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const options = { env: { PATH: process.env['PATH'], ...env } }
    execFile(process.execPath, [source(name), ...args], options, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }))
  })

async function productFile(...lines: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), 'products.ndjson')
  await writeFile(path, lines.join('\n'))
  return path
}

test('called without a file, or with one that is not there, it says how it is called', async () => {
  for (const args of [[], ['/nowhere/products.ndjson'], ['a', 'b']]) {
    const { code, stderr } = await runCommand('import', args)
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: npm run import -- FILE.ndjson')
  }
})

test('a wrong setting stops it before anything is done, and is named', async () => {
  const { code, stderr } = await runCommand('import', [await productFile('')], { KRW_RATES: 'dollars' })
  expect(code).toBe(2)
  expect(stderr).toContain('KRW_RATES: expected')
})

test('a database that is not there is a clear failure', async () => {
  const { code, stderr } = await runCommand('import', [await productFile('')], { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' })
  expect(code).toBe(1)
  expect(stderr).toContain('the database at 127.0.0.1:1 cannot be used: ')
  expect(stderr).not.toContain('secret')
  expect(stderr).not.toContain('at Socket')
})

test('refused rows are told line by line, the summary comes last, and a database alone is enough', async () => {
  const database = await createTestDatabase()
  try {
    const file = await productFile(JSON.stringify(buildRow()), '{}', JSON.stringify(buildRow({ sourceId: '2', form: 'SOUP' })))
    const { code, stdout, stderr } = await runCommand('import', [file], { DATABASE_URL: database.url })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Imported \(.* s\): 1 inserted, 0 changed, 0 unchanged, 2 refused\n$/)
    expect(stderr).toMatch(/^line 2: source: is missing; .*; and 19 more$/m)
    expect(stderr).toMatch(/^line 3: form: expected one of .*$/m)
  } finally {
    await database.drop()
  }
})

test('with nothing configured it starts the database of the data folder, and stops it again', async () => {
  const env = { DATA_DIR: await temporaryFolder() }
  const file = await productFile(JSON.stringify(buildRow()))
  expect((await runCommand('import', [file], env)).stdout).toContain('1 inserted')
  expect((await runCommand('import', [file], env)).stdout).toContain('Nothing changed')
})

test('it works beside a gateway that is running on the data folder', async () => {
  const dataDir = await temporaryFolder()
  const gateway = await startEmbeddedServers({ dataDir, postgres: true, redis: false })
  try {
    if (!('url' in gateway.postgres)) throw new Error('no Postgres was started')
    await migrate(gateway.postgres.url)
    const { code, stdout, stderr } = await runCommand('import', [await productFile(JSON.stringify(buildRow()))], { DATA_DIR: dataDir })
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 inserted') })
    expect(stderr).toContain("the running gateway's database")
    const { sql, close } = connect(gateway.postgres.url)
    expect(await sql`select 1 from products`).toHaveLength(1)
    await close()
  } finally {
    await gateway.stop()
  }
})

test('seeding twice says the second time that there was nothing to do', async () => {
  const database = await createTestDatabase()
  try {
    expect((await runCommand('seed', [], { DATABASE_URL: database.url })).stdout).toMatch(/^Seeded .*: 3 users, 5 pets, \d+ products\n$/)
    expect((await runCommand('seed', [], { DATABASE_URL: database.url })).stdout).toMatch(/^The demo is already in /)
  } finally {
    await database.drop()
  }
})
