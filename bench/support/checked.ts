import { Agent, request } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Prepared } from './workload.ts'

export type Document = Record<string, unknown>

const answerSchema = z.object({ data: z.record(z.string(), z.record(z.string(), z.unknown())), errors: z.undefined().optional() })
const IN_FLIGHT = 16

/** The text of every answer, in the order of what was asked; several at a time. */
export async function askAll(url: string, prepared: readonly Prepared[]): Promise<string[]> {
  const agent = new Agent({ keepAlive: true })
  const answers: string[] = []
  let next = 0
  const worker = async () => {
    for (let i = next++; i < prepared.length; i = next++) {
      const one = prepared[i]
      if (one !== undefined) answers[i] = await ask(url, one, agent)
    }
  }
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
    return answers
  } finally {
    agent.destroy()
  }
}

function ask(url: string, { token, body }: Prepared, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
    const sent = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 400)}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What each alias was answered. Throws where the answer holds an error. */
export function documentsOf(text: string): Document[] {
  const answer = answerSchema.safeParse(JSON.parse(text))
  if (answer.success) return Object.values(answer.data.data)
  throw new Error(`not an answer: ${text.slice(0, 400)}`)
}

/** The tiers that the answers came from. Throws unless every document is the expected one of its pet, field for field but for its tier. */
export function check(who: string, answers: readonly string[], expected: ReadonlyMap<string, Document>): Set<string> {
  const sources = new Set<string>()
  for (const document of answers.flatMap(documentsOf)) {
    const petId = String(document['petId'])
    const right = expected.get(petId) ?? {}
    const names = new Set([...Object.keys(right), ...Object.keys(document)]).difference(new Set(['source']))
    const wrong = [...names].filter((name) => !isDeepStrictEqual(document[name], right[name]))
    if (wrong.length > 0) throw new Error(`${who} answered another ${wrong.join(', ')} of pet ${petId} than expected`)
    sources.add(String(document['source']))
  }
  return sources
}
