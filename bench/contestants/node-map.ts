import { createServer } from 'node:http'
import { answerPrefix } from './support/environment.ts'
import { redis } from './support/documents.ts'
import { readPetIds } from './support/read-pet-ids.ts'
import { serve } from './support/serve.ts'

/** The limit of this platform: ready bytes of this process' memory, no Redis, no GraphQL. */
const keys = await redis.keys(`${answerPrefix}*`)
const stored = await redis.mgetBuffer(keys)
const answers = new Map(keys.map((key, i) => [key.slice(answerPrefix.length), stored[i]]))

serve(
  createServer((request, response) => {
    void readPetIds(request).then(([[, petId] = ['', '']]) => {
      const answer = answers.get(petId)
      if (answer === undefined || answer === null) return response.writeHead(404).end()
      return response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
    })
  }),
)
