import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Gateway } from './gateways.ts'
import type { Failure, History, Write } from './history.ts'
import type { Random } from './random.ts'
import { weightShown, WEIGHTS } from './weights.ts'

export type Tokens = { user: string; admin: string }
export type Counts = Record<string, number>

const READ = `query ($petId: ID!, $force: Boolean! = false) { recommendations(petId: $petId, forceRefresh: $force) {
  source items { dailyAmountG product { nutrition { kcalPer100g } } } } }`
const UPDATE = 'mutation ($petId: ID!, $weightKg: Float!) { updatePet(input: { petId: $petId, weightKg: $weightKg }) { invalidation } }'
const CLEAR = 'mutation ($petId: ID!) { clearRecommendationCache(petId: $petId) { invalidation } }'
const CLEAR_ALL = 'mutation { clearAllRecommendationCaches { invalidation } }'

const readShape = z.object({
  recommendations: z.object({
    source: z.string(),
    items: z.array(z.object({ dailyAmountG: z.number().nullable(), product: z.object({ nutrition: z.object({ kcalPer100g: z.number().nullable() }).nullable() }) })),
  }),
})
const updateShape = z.object({ updatePet: z.object({ invalidation: z.enum(['CLEARED', 'QUEUED']) }) })
const replyShape = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
  extensions: z.object({ unverified: z.array(z.string()).optional() }).optional(),
})

/** Milliseconds; longer than any deadline of the gateway's. */
const CLIENT_DEADLINE_MS = 15_000

/**
 * Writers work and rest together. Under steady changes a fence that is wrong costs the gateways their trust, and then
 * Postgres answers everything: no broken fence would ever be seen. They look ten seconds back, so after a longer rest
 * trust is there again, and the next changes meet processes that answer on the fence alone.
 */
const BUSY_MS = 8_000
const REST_MS = 13_000

/** Clients of the public API, and what they saw. */
export function createWorkload({ history, tokens, petIds, gateways, random, isOver, counts }: {
  history: History
  tokens: Tokens
  petIds: readonly string[]
  gateways: readonly Gateway[]
  random: Random
  isOver: () => boolean
  counts: Counts
}) {
  const began = Date.now()
  const isResting = () => (Date.now() - began) % (BUSY_MS + REST_MS) > BUSY_MS
  const nextWeight = new Map(petIds.map((petId, i) => [petId, Math.floor((i * WEIGHTS.length) / petIds.length)]))

  const post = async (url: string, token: string, query: string, variables: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(CLIENT_DEADLINE_MS),
    })
    return replyShape.parse(await response.json())
  }
  const failed = (process: string, kind: Failure['kind'], code: string) => void history.failures.push({ process, kind, code, at: Date.now() })
  const counted = (what: string) => void (counts[what] = (counts[what] ?? 0) + 1)

  const read = async (client: string, gateway: Gateway, petId: string, force = false): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    const start = Date.now()
    let reply: z.output<typeof replyShape>
    try {
      reply = await post(url, tokens.user, READ, { petId, force })
    } catch {
      // Only the connection of a gateway that was ended may break.
      if (gateway.process === process && gateway.url === url) failed(process, 'read', 'NO_ANSWER')
      return
    }
    counted(force ? 'forced refresh' : 'read')
    if (reply.errors !== undefined) return failed(process, 'read', reply.errors[0]?.extensions.code ?? '')
    const { items, source } = readShape.parse(reply.data).recommendations
    const isUnverified = reply.extensions?.unverified?.includes(petId) === true
    history.reads.push({ client, process, petId, start, end: Date.now(), weightKg: weightShown(items), source, isUnverified })
  }

  const change = async (gateway: Gateway, petId: string): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    const at = nextWeight.get(petId) ?? 0
    nextWeight.set(petId, (at + 1) % WEIGHTS.length)
    const write: Write = { petId, weightKg: WEIGHTS[at] ?? 0, process, start: Date.now(), end: Infinity, outcome: 'unknown' }
    history.writes.push(write)
    counted('change of weight')
    try {
      const reply = await post(url, tokens.user, UPDATE, { petId, weightKg: write.weightKg })
      write.end = Date.now()
      if (reply.errors === undefined) write.outcome = updateShape.parse(reply.data).updatePet.invalidation
      else failed(process, 'write', reply.errors[0]?.extensions.code ?? '')
    } catch {
      write.end = Date.now()
    }
  }

  const sendOther = async (gateway: Gateway, what: string, token: string, query: string, variables: object): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    counted(what)
    await post(url, token, query, variables).then(
      ({ errors }) => errors !== undefined && failed(process, 'other', errors[0]?.extensions.code ?? ''),
      () => {},
    )
  }

  const reader = async (client: string, gateway: Gateway): Promise<void> => {
    const own = random.of(client)
    while (!isOver()) {
      const petId = own.pick(petIds)
      await read(client, gateway, petId, own.next() < 0.002)
      await delay(own.between(2, 30))
    }
  }

  /** One for each pet, through any gateway. */
  const writer = async (petId: string, i: number): Promise<void> => {
    const own = random.of(`writer ${i}`)
    while (!isOver()) {
      if (isResting()) {
        await delay(20)
        continue
      }
      const gateway = own.pick(gateways)
      const dice = own.next()
      if (dice < 0.03) await sendOther(gateway, 'clear of one pet', tokens.user, CLEAR, { petId })
      else if (dice < 0.033) await sendOther(gateway, 'clear of all', tokens.admin, CLEAR_ALL, {})
      else {
        await change(gateway, petId)
        // A wrong fence is noticed and mended within the second: whoever is to see it must read at once, everywhere.
        await Promise.all(gateways.map((one) => read(`reader after writer ${i} at ${one.name}`, one, petId)))
      }
      await delay(own.between(50, 700))
    }
  }

  return {
    read,
    change,
    run: (readersEach: number): Promise<unknown> =>
      Promise.all([
        ...petIds.map(writer),
        ...gateways.flatMap((gateway) => Array.from({ length: readersEach }, (_, i) => reader(`reader ${i} of ${gateway.name}`, gateway))),
      ]),
  }
}
