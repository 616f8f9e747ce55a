import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Gateway } from './gateways.ts'
import type { Failure, History, Write } from './history.ts'
import type { Random } from './random.ts'
import { weightShown } from './weights.ts'

export type Tokens = { user: string; admin: string }
export type Counts = Record<string, number>

const READ = `query ($petId: ID!, $force: Boolean! = false) { recommendations(petId: $petId, forceRefresh: $force) {
  source items { dailyAmountG product { id nutrition { kcalPer100g } } } } }`
const UPDATE = 'mutation ($petId: ID!, $weightKg: Float!) { updatePet(input: { petId: $petId, weightKg: $weightKg }) { invalidation } }'
const CLEAR = 'mutation ($petId: ID!) { clearRecommendationCache(petId: $petId) { invalidation } }'
const CLEAR_ALL = 'mutation { clearAllRecommendationCaches { invalidation } }'

const readShape = z.object({
  recommendations: z.object({
    source: z.string(),
    items: z.array(z.object({
      dailyAmountG: z.number().nullable(),
      product: z.object({ id: z.string(), nutrition: z.object({ kcalPer100g: z.number().nullable() }).nullable() }),
    })),
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

export type Workload = ReturnType<typeof createWorkload>

/** Clients of the public API, and what they saw. */
export function createWorkload({ history, tokens, petIds, alsoRead, markedProduct, weights, gateways, random, isOver, counts }: {
  history: Pick<History, 'reads' | 'writes' | 'failures'>
  tokens: Tokens
  petIds: readonly string[]
  /** Pets that readers ask for and no writer changes. */
  alsoRead: readonly string[]
  markedProduct: () => string | undefined
  /** What its writers make of a pet, one after the other. */
  weights: readonly number[]
  gateways: readonly Gateway[]
  random: Random
  isOver: () => boolean
  counts: Counts
}) {
  const began = Date.now()
  const isResting = () => (Date.now() - began) % (BUSY_MS + REST_MS) > BUSY_MS
  // The first one is what all have from the beginning.
  const nextWeight = new Map(petIds.map((petId, i) => [petId, Math.floor((i * weights.length) / petIds.length) + 1]))
  let isHeld = false

  const post = async (url: string, who: Record<string, string>, query: string, variables: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...who },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(CLIENT_DEADLINE_MS),
    })
    return replyShape.parse(await response.json())
  }
  const user = { authorization: `Bearer ${tokens.user}` }
  const admin = { authorization: `Bearer ${tokens.admin}` }
  const failed = (process: string, kind: Failure['kind'], code: string) => void history.failures.push({ process, kind, code, at: Date.now() })
  const counted = (what: string) => void (counts[what] = (counts[what] ?? 0) + 1)

  const read = async (client: string, gateway: Gateway, petId: string, force = false): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    const start = Date.now()
    let reply: z.output<typeof replyShape>
    try {
      reply = await post(url, user, READ, { petId, force })
    } catch {
      // Only the connection of a gateway that was ended may break.
      if (gateway.process === process && gateway.url === url) failed(process, 'read', 'NO_ANSWER')
      return
    }
    counted(force ? 'forced refresh' : 'read')
    const seen = { client, process, petId, start, end: Date.now() }
    const code = reply.errors?.[0]?.extensions.code
    if (code === 'NOT_FOUND') return void history.reads.push({ ...seen, weightKg: null, holds: false, source: code, isUnverified: false })
    if (code !== undefined) return failed(process, 'read', code)
    const { items, source } = readShape.parse(reply.data).recommendations
    const isUnverified = reply.extensions?.unverified?.includes(petId) === true
    const holds = items.some(({ product }) => product.id === markedProduct())
    history.reads.push({ ...seen, weightKg: weightShown(items), holds, source, isUnverified })
  }

  /** Never one that was drawn before, whatever became of it, until all have been. */
  const drawWeight = (petId: string): number => {
    const at = nextWeight.get(petId) ?? 1
    nextWeight.set(petId, (at + 1) % weights.length)
    return weights[at] ?? 0
  }

  const change = async (gateway: Gateway, petId: string): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    const write: Write = { petId, weightKg: drawWeight(petId), process, start: Date.now(), end: Infinity, outcome: 'unknown' }
    history.writes.push(write)
    counted('change of weight')
    try {
      const reply = await post(url, user, UPDATE, { petId, weightKg: write.weightKg })
      write.end = Date.now()
      if (reply.errors === undefined) write.outcome = updateShape.parse(reply.data).updatePet.invalidation
      else failed(process, 'write', reply.errors[0]?.extensions.code ?? '')
    } catch {
      write.end = Date.now()
    }
  }

  const sendOther = async (gateway: Gateway, what: string, who: Record<string, string>, query: string, variables: object): Promise<void> => {
    const { url, process } = gateway
    if (url === undefined) return
    counted(what)
    await post(url, who, query, variables).then(
      ({ errors }) => errors !== undefined && failed(process, 'other', errors[0]?.extensions.code ?? ''),
      () => {},
    )
  }

  const reader = async (client: string, gateway: Gateway): Promise<void> => {
    const own = random.of(client)
    while (!isOver()) {
      const petId = own.pick([...petIds, ...alsoRead])
      await read(client, gateway, petId, own.next() < 0.002)
      await delay(own.between(2, 30))
    }
  }

  /** One for each pet, through any gateway. */
  const writer = async (petId: string, i: number): Promise<void> => {
    const own = random.of(`writer ${i}`)
    while (!isOver()) {
      if (isResting() || isHeld) {
        await delay(20)
        continue
      }
      const gateway = own.pick(gateways)
      const dice = own.next()
      if (dice < 0.03) await sendOther(gateway, 'clear of one pet', user, CLEAR, { petId })
      else if (dice < 0.033) await sendOther(gateway, 'clear of all', admin, CLEAR_ALL, {})
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
    drawWeight,
    /** Their ids; for before anything is judged. */
    productsShown: async ({ url }: Gateway, petId: string): Promise<string[]> => {
      const { data } = await post(url ?? '', user, READ, { petId })
      return readShape.parse(data).recommendations.items.map(({ product }) => product.id)
    },
    /** Whether this device is answered for that pet; undefined: there was no answer. */
    readByDevice: async (device: string, { url, process }: Gateway, petId: string): Promise<boolean | undefined> => {
      const reply = url === undefined ? undefined : await post(url, { 'x-device-uid': device }, READ, { petId }).catch(() => undefined)
      const code = reply?.errors?.[0]?.extensions.code
      if (code !== undefined && code !== 'NOT_FOUND') failed(process, 'read', code)
      return reply === undefined ? undefined : code === undefined
    },
    /** No writer begins a change while `work` goes on. */
    whileWritersRest: async <T>(work: () => Promise<T>): Promise<T> => {
      isHeld = true
      try {
        return await work()
      } finally {
        isHeld = false
      }
    },
    run: (readersEach: number): Promise<unknown> =>
      Promise.all([
        ...petIds.map(writer),
        ...gateways.flatMap((gateway) => Array.from({ length: readersEach }, (_, i) => reader(`reader ${i} of ${gateway.name}`, gateway))),
      ]),
  }
}
