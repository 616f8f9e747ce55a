import { createServer } from 'node:http'
import postgres from 'postgres'
import { readPetIds } from './support/read-pet-ids.ts'
import { serve } from './support/serve.ts'

/** What the second tier is held against, no GraphQL: the ready answer out of Postgres passed through, one prepared statement by primary key. */
const { BENCH_DATABASE_URL: databaseUrl } = process.env
if (databaseUrl === undefined) throw new Error('BENCH_DATABASE_URL must be set: contestants are started by the bench')
const sql = postgres(databaseUrl, { max: 10 })

serve(
  createServer((request, response) => {
    void readPetIds(request).then(async ([first]) => {
      const [row] = await sql`select answer from bench_answers where pet_id = ${first?.[1] ?? ''}`
      if (row === undefined) return response.writeHead(404).end()
      const answer = Buffer.from(String(row['answer']))
      return response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
    })
  }),
)
