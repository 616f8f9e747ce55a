import { createServer } from 'node:http'
import { answerPrefix, documentPrefix } from './support/environment.ts'
import { redis } from './support/documents.ts'
import { joinAnswer } from './support/join-answer.ts'
import { readPetIds } from './support/read-pet-ids.ts'
import { serve } from './support/serve.ts'

/** The reference, no GraphQL: the answer out of Redis passed through, one GET for one pet, one MGET of documents for several. */
serve(
  createServer((request, response) => {
    void readPetIds(request).then(async (variables) => {
      const answer = await answerTo(variables)
      if (answer === null) return response.writeHead(404).end()
      return response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
    })
  }),
)

async function answerTo(variables: readonly [name: string, petId: string][]): Promise<Buffer | null> {
  const [only] = variables
  if (only !== undefined && variables.length === 1) return redis.getBuffer(answerPrefix + only[1])
  const found = await redis.mgetBuffer(variables.map(([, petId]) => documentPrefix + petId))
  const documents = found.filter((document) => document !== null)
  return documents.length === variables.length ? joinAnswer(variables.map(([name]) => name), documents) : null
}
