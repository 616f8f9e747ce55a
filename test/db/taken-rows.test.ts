import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../src/db/client.ts'
import { withTakenRows } from '../../src/db/taken-rows.ts'
import { createTestDatabase } from '../support/database.ts'

let created: Awaited<ReturnType<typeof createTestDatabase>>
let connection: ReturnType<typeof connect>
beforeAll(async () => {
  created = await createTestDatabase()
  connection = connect(created.url, { max: 1 })
})
afterAll(async () => {
  await connection.close()
  await created.drop()
})

test('rows that came are held by whoever asked for them, and no longer by the query, which outlives them', async () => {
  const query = withTakenRows(connection.sql).unsafe('select n, n + 1 from generate_series(1, 2) n', [], { prepare: true })
  expect(await query.values()).toEqual([[1, 2], [2, 3]])
  expect(await query).toEqual([])
})

test('what is not asked for as values comes as it always did, with its count', async () => {
  const rows = await withTakenRows(connection.sql).unsafe('select n from generate_series(1, 2) n')
  expect([[...rows], rows.count]).toEqual([[{ n: 1 }, { n: 2 }], 2])
})

test('what goes wrong is told to whoever asked', async () => {
  await expect(withTakenRows(connection.sql).unsafe('select 1 / 0').values()).rejects.toMatchObject({ code: '22012' })
})
