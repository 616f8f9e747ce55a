import { randomUUID } from 'node:crypto'
import type { ReservedSql } from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_ADMIN_ID } from '../../src/demo/users.ts'
import { bearer, startGateway, type Reply, type TestGateway } from '../support/gateway.ts'
import { rawClient } from '../support/raw-client.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { waitUntil } from '../support/wait-until.ts'

let stage: Stage
let admin: Record<string, string>
beforeAll(async () => {
  stage = await setStage()
  admin = await bearer(DEMO_ADMIN_ID, true)
})
afterAll(() => stage.close())

/** Pets of a new owner that nobody has asked about. */
async function newPets(count: number): Promise<{ owner: string; petIds: string[] }> {
  const owner = randomUUID()
  await stage.database.sql`insert into users (id) values (${owner})`
  const rows = await stage.database.sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select ${owner}, 'pet ' || i, 'DOG', 30, current_date, 3 + i % 30 from generate_series(1, ${count}::int) i returning id`
  return { owner, petIds: rows.map((row) => String(row['id'])) }
}

/** What inserts into the table waits until it is let go; reading goes on. */
async function holding(lock: 'lock table recommendation_items in share mode' | 'lock table pets in access exclusive mode', work: (letGo: () => Promise<void>) => Promise<void>): Promise<void> {
  const held: ReservedSql = await stage.database.sql.reserve()
  let isHeld = true
  const letGo = async () => {
    if (isHeld) await held`rollback`
    isHeld = false
  }
  await held`begin`
  await held.unsafe(lock)
  try {
    await work(letGo)
  } finally {
    await letGo()
    held.release()
  }
}

async function within(options: Partial<Parameters<typeof startGateway>[0]>, work: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway({ databaseUrl: stage.database.url, cache: { kind: 'redis', url: stage.redis.url }, ...options })
  try {
    await work(gateway)
  } finally {
    await gateway.close()
  }
}

const answerOf = (gateway: TestGateway, petId: string) => gateway.askText(`{ recommendations(petId: "${petId}") { source items { rank } } }`, {}, admin)
const codeOf = ({ errors }: Reply<unknown>) => errors?.[0]?.extensions.code ?? 'OK'

test('two hundred misses at once: some are answered, the rest is told at once when to come again, and everything else goes on', () =>
  within({ computations: { atOnce: 2, queued: 10 } }, async (gateway) => {
    const { petIds } = await newPets(200)
    const [known] = (await newPets(1)).petIds
    if (known === undefined) throw new Error('no pet')
    await answerOf(gateway, known)
    const replies: Reply<unknown>[] = []
    await holding('lock table recommendation_items in share mode', async (letGo) => {
      const all = petIds.map(async (petId) => void replies.push(await answerOf(gateway, petId)))
      // Two compute, ten wait for a place, and none of these has its answer while the table is held.
      await waitUntil('the rest is refused', () => replies.length === 188, { withinMs: 4_000 })
      expect(new Set(replies.map(codeOf))).toEqual(new Set(['SERVICE_UNAVAILABLE']))
      for (const { headers, errors } of replies) {
        expect(headers.get('retry-after')).toBe('2')
        expect(errors?.[0]?.extensions).toMatchObject({ retryAfterSeconds: 2 })
      }
      const began = performance.now()
      expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200)
      expect(codeOf(await answerOf(gateway, known))).toBe('OK')
      expect(codeOf(await gateway.askText('mutation { updateRecommendationPreferences(input: { maxPricePerKg: 70000 }) { invalidation } }', {}, admin))).toBe('OK')
      expect(performance.now() - began).toBeLessThan(1_500)
      await letGo()
      await Promise.all(all)
    })
    expect(replies.slice(188).map(codeOf)).toEqual(Array.from({ length: 12 }, () => 'OK'))
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toMatch(/petfood_refusals_total\{limit="computations"\} 188/)
    for (const petId of petIds) expect(codeOf(await answerOf(gateway, petId))).toBe('OK')
  }))

test('fifty pets of one owner that nobody asked about are answered in full in one operation', () =>
  within({}, async (gateway) => {
    const { owner } = await newPets(50)
    const { data, errors } = await gateway.askText('{ viewer { pets { recommendations { source } } } }', {}, await bearer(owner))
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data).match(/COMPUTED/g)).toHaveLength(50)
  }))

test('requests beyond those in flight are turned away with 503 and Retry-After; health is not; a place is free again when a client leaves', () =>
  within({ requestsInFlight: 5 }, async (gateway) => {
    await holding('lock table pets in access exclusive mode', async (letGo) => {
      const leaving = new AbortController()
      const ask = (query: string, signal?: AbortSignal) =>
        fetch(`${gateway.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...admin }, body: JSON.stringify({ query }), ...(signal && { signal }) })
      const held = Array.from({ length: 5 }, (_, i) => ask('{ viewer { pets { id } } }', i < 2 ? leaving.signal : undefined))
      const outcomes = held.map((one) => one.then(({ status }) => status, () => 'left'))
      let refused: Response | undefined
      await waitUntil('one is turned away', async () => {
        const response = await ask('{ __typename }')
        if (response.status === 503) refused = response
        return refused !== undefined
      })
      expect(refused?.headers.get('retry-after')).toBe('1')
      expect(await refused?.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] })
      expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
      leaving.abort()
      await waitUntil('there is room again', async () => (await ask('{ __typename }')).status === 200)
      await letGo()
      expect(await Promise.all(outcomes)).toEqual(['left', 'left', 200, 200, 200])
    })
    expect((await gateway.askText('{ viewer { id } }', {}, admin)).status).toBe(200)
  }))

test('a request takes a place when its body is there: those who send slowly keep nobody out', () =>
  within({ requestsInFlight: 2 }, async (gateway) => {
    const slow = Array.from({ length: 20 }, () => rawClient(gateway.port))
    for (const client of slow) client.send('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query"')
    await waitUntil('all are connected', async () => (await fetch(`${gateway.url}/health/live`)).status === 200 && slow.every(({ socket }) => socket.bytesWritten > 0 && !socket.pending))
    for (let time = 0; time < 20; time++) expect((await gateway.askText('{ viewer { id } }', {}, admin)).status).toBe(200)
    for (const { socket } of slow) socket.destroy()
  }))
