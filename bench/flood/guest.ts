import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { readTrustedDocuments } from '../../src/http/trusted-documents.ts'

/** What a well-behaved client was answered. `problem`: why it was no answer. */
export type Served = { kind: 'hit' | 'miss'; tookMs: number; source: string; problem: string | undefined }

export type Guest = {
  /** Asks until `isOver`, `perSecond` evenly: known pets, and every `missEveryMs` one that nobody has asked for. */
  dine(isOver: () => boolean): Promise<Served[]>
  close(): void
}

const RECOMMENDATIONS = [...readTrustedDocuments()].find(([, text]) => text.startsWith('query Recommendations('))?.[0]
if (RECOMMENDATIONS === undefined) throw new Error('no operation Recommendations')

const MISS_EVERY_MS = 3_000
const answer = z.object({ data: z.object({ recommendations: z.object({ petId: z.string(), source: z.string(), items: z.array(z.unknown()).min(1) }) }), errors: z.undefined().optional() })

/** Keeps within the limits of a user: `perSecond` below ten. */
export function createGuest({ port, address, token, knownPets, newPets, perSecond }: {
  port: number
  address: string
  token: string
  knownPets: readonly string[]
  newPets: string[]
  perSecond: number
}): Guest {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })

  const post = (petId: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` }
      const sent = request({ port, host: '127.0.0.1', localAddress: address, path: '/graphql', method: 'POST', agent, headers, timeout: 20_000 }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
      })
      sent.on('timeout', () => sent.destroy(new Error('no answer within 20 s')))
      sent.on('error', reject)
      sent.end(JSON.stringify({ documentId: RECOMMENDATIONS, variables: { petId } }))
    })

  const ask = async (kind: Served['kind'], petId: string): Promise<Served> => {
    const began = performance.now()
    try {
      const { status, text } = await post(petId)
      const tookMs = performance.now() - began
      const parsed = answer.safeParse(JSON.parse(text))
      if (!parsed.success) return { kind, tookMs, source: '-', problem: `${status}: ${text.slice(0, 300)}` }
      const { petId: answered, source } = parsed.data.data.recommendations
      return { kind, tookMs, source, problem: answered === petId ? undefined : `asked for ${petId}, was told of ${answered}` }
    } catch (error) {
      return { kind, tookMs: performance.now() - began, source: '-', problem: String(error) }
    }
  }

  return {
    dine: async (isOver) => {
      const asked: Promise<Served>[] = []
      let missed = performance.now()
      const began = performance.now()
      for (let i = 0; !isOver(); i++) {
        const isMiss = performance.now() - missed > MISS_EVERY_MS && newPets.length > 0
        if (isMiss) missed = performance.now()
        const petId = isMiss ? newPets.pop() : knownPets[i % knownPets.length]
        if (petId !== undefined) asked.push(ask(isMiss ? 'miss' : 'hit', petId))
        await delay(Math.max(0, began + ((i + 1) * 1_000) / perSecond - performance.now()))
      }
      return Promise.all(asked)
    },
    close: () => agent.destroy(),
  }
}
