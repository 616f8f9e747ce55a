import { Agent, request } from 'node:http'
import { z } from 'zod'
import { RecommendationsDocument } from '../../schema/generated/graphql.ts'

/** `began`: milliseconds since 1970. `problem`: why it was no answer. */
export type Asked = { began: number; tookMs: number; source: string; runId: string | null; problem: string | undefined }

export type Client = {
  recommendations(url: string, petId: string): Promise<Asked>
  /** Throws what is no JSON. */
  post(url: string, query: string, variables: object): Promise<{ body: unknown; tookMs: number }>
}

const replySchema = z.object({
  data: z.object({ recommendations: z.object({ petId: z.string(), source: z.string(), runId: z.string().nullable(), items: z.array(z.looseObject({ rank: z.int(), product: z.looseObject({ id: z.string() }) })).min(1) }) }),
  errors: z.undefined().optional(),
})

/** Over connections that are kept. The time ends with the last byte of the answer, before it is parsed. */
export function createClient(token: string): Client {
  const agent = new Agent({ keepAlive: true })
  const post: Client['post'] = (url, query, variables) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` }
      const began = performance.now()
      const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const tookMs = performance.now() - began
          const text = Buffer.concat(chunks).toString()
          try {
            resolve({ body: JSON.parse(text), tookMs })
          } catch {
            reject(new Error(`${response.statusCode}: ${text.slice(0, 200)}`))
          }
        })
      })
      sent.on('error', reject)
      sent.end(JSON.stringify({ query, variables }))
    })
  return {
    post,
    recommendations: async (url, petId) => {
      const began = performance.timeOrigin + performance.now()
      const nothing = { began, tookMs: NaN, source: '-', runId: null }
      try {
        const { body, tookMs } = await post(url, RecommendationsDocument.toString(), { petId })
        const parsed = replySchema.safeParse(body)
        if (!parsed.success) return { ...nothing, tookMs, problem: JSON.stringify(body).slice(0, 300) }
        const { source, runId, petId: answered } = parsed.data.data.recommendations
        return { began, tookMs, source, runId, problem: answered === petId ? undefined : `asked for ${petId}, got ${answered}` }
      } catch (error) {
        return { ...nothing, problem: String(error) }
      }
    },
  }
}
