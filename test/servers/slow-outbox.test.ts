import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ALLERGIC_DOG_ID as BORI } from '../../src/demo/pets.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Longer than a check waits, and than it takes to fill the outbox's connections with checks that nobody waits for any more. */
const SLOW_MS = 6_000

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

const ask = async () => {
  const response = await fetch(`${stage.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-device-uid': 'demo-device' },
    body: JSON.stringify({ query: 'query ($petId: ID!) { recommendations(petId: $petId) { source } }', variables: { petId: BORI } }),
  })
  const { data, extensions } = await response.json()
  return { source: data?.recommendations.source, isUnverified: extensions?.unverified !== undefined }
}
const compared = async () => {
  const metrics = await (await fetch(stage.gateway.metricsUrl ?? '')).text()
  return Number(/^petfood_cache_comparisons_total\{outcome="compared"\} (\d+)/m.exec(metrics)?.[1] ?? 0)
}

test('a slow outbox is not a Postgres that is away: hits are compared, and none is unverified', async () => {
  await waitUntil('it is a hit', async () => (await ask()).source === 'REDIS')
  const lock = await stage.database.sql.reserve()
  await lock`begin`
  await lock`lock table cache_invalidations in access exclusive mode`
  const before = await compared()
  const answers = []
  for (const until = performance.now() + SLOW_MS; performance.now() < until; ) answers.push(await ask())
  await lock`rollback`
  lock.release()
  expect(answers.filter(({ source, isUnverified }) => source !== 'REDIS' || isUnverified)).toEqual([])
  expect(await compared()).toBeGreaterThan(before)
  const known = await compared()
  await waitUntil('trust is back', async () => {
    const last = await compared()
    await ask()
    return (await compared()) === last && last >= known
  })
}, 60_000)
