import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'
import { createPetsWithoutRun } from '../../src/db/pets-without-run.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { createWarmUp, type WarmUpCounts } from '../../src/recommend/warm-up.ts'
import type { Computation } from '../../src/recommend/computation.ts'
import { bearer } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'

const COMMAND = fileURLToPath(new URL('../../src/cli/warm-up.ts', import.meta.url))

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.database.sql`update cache_epoch set epoch = epoch + 1`)

const runCommand = (...args: string[]) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], DATABASE_URL: stage.database.url }
    execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }))
  })
const petsInAll = async () => Number((await stage.database.sql`select count(*)::int n from pets`)[0]?.['n'])
const without = () => createPetsWithoutRun(stage.database.db)

/** A warm-up whose computations are `compute`. */
const warmUp = (compute: Computation, atOnce = 2) => {
  const seen: WarmUpCounts[] = []
  return { seen, done: createWarmUp({ petsWithoutRun: without(), compute, atOnce, onProgress: (counts) => void seen.push({ ...counts }) })() }
}

test('every pet without a valid run gets one, which its first reader finds in Postgres', async () => {
  const pets = await petsInAll()
  expect(await without().count()).toBe(pets)
  const { code, stdout } = await runCommand('--at-once', '4')
  expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`: ${pets} stored, 0 overtaken by changes, 0 deleted meanwhile, 0 failed`))])
  const [pet] = await stage.database.sql`select id from pets where user_id = ${DEMO_USER_ID} limit 1`
  const { data } = await stage.gateway.ask(RecommendationsDocument, { petId: String(pet?.['id']) }, await bearer(DEMO_USER_ID))
  expect(data?.recommendations.source).toBe('POSTGRES')
}, 60_000)

test('what is stored is not computed again: a warm-up that was stopped goes on where it was', async () => {
  await runCommand()
  await stage.database.sql`update pets set weight_kg = weight_kg + 0.1 where id = (select min(id::text)::uuid from pets)`
  const { code, stdout, stderr } = await runCommand()
  expect([code, stdout]).toEqual([0, expect.stringContaining(': 1 stored,')])
  expect(stderr).toContain('Warming up 1 pets in the database at')
}, 60_000)

test('one that fails does not stop the others, and is told of; so are those that keep changing and those that are gone', async () => {
  const pets = await petsInAll()
  const [first = '', second = '', third = ''] = (await without().after('00000000-0000-0000-0000-000000000000', 3)).map(({ petId }) => petId)
  const asked: string[] = []
  const { done, seen } = warmUp(async ({ petId, version, epoch, lineage }) => {
    asked.push(petId)
    if (petId === first) throw new Error('this one')
    if (petId === second) return { kind: 'moved', version: version + 1, epoch, lineage }
    return { kind: 'gone' }
  })
  const { counts, firstFailure } = await done
  expect(counts).toEqual({ stored: 0, overtaken: 1, gone: pets - 2, failed: 1 })
  expect(firstFailure).toMatchObject({ message: 'this one' })
  expect(asked.filter((id) => id === second)).toHaveLength(3)
  expect(asked.filter((id) => id === third)).toHaveLength(1)
  expect(seen).toHaveLength(pets)
})

test('never more than so many are computed at once', async () => {
  let running = 0
  let most = 0
  const { done } = warmUp(async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return { kind: 'gone' }
  }, 3)
  await done
  expect(most).toBe(3)
})

test('a Postgres that cannot be used ends it, and a wrong call is told how it is called', async () => {
  const { done } = warmUp(async () => {
    throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  })
  await expect(done).rejects.toThrow('gone')
  for (const args of [['--at-once', '0'], ['--at-once', 'x'], ['pets'], ['--all']]) {
    const { code, stderr } = await runCommand(...args)
    expect([code, stderr]).toEqual([2, expect.stringContaining('Usage: npm run warm-up')])
  }
}, 60_000)
