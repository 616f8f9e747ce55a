import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type DbConnection } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let owner: DbConnection
beforeAll(async () => {
  database = await createTestDatabase()
  owner = connect(database.url, { max: 1 })
})
afterAll(async () => {
  await owner.close()
  await database.drop()
})

test('a database that an unreleased version made is refused with a sentence that says what to do', async () => {
  await migrate(database.url)
  const [newest] = await owner.sql`select max(created_at)::float8 as at from drizzle.__drizzle_migrations`
  const newer = Number(newest?.['at']) + 1
  await owner.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a newer release', ${newer})`
  await migrate(database.url)
  await owner.sql`update drizzle.__drizzle_migrations set created_at = 1795486284176 where hash = 'of a newer release'`
  await expect(migrate(database.url)).rejects.toThrow(/never released.*create a new database.*remove the data folder/)
})
