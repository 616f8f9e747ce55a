import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { DEMO_ALLERGIC_DOG_ID as BORI, DEMO_SENIOR_DOG_ID as HARU } from '../demo/pets.ts'
import { runCommand } from './run-command.ts'

type Who = 'user' | 'admin'
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** `variables` may need what an example before it was answered. */
type Example = { operation: string; as: Who; variables: (earlier: Readonly<Record<string, Json>>) => { [key: string]: Json } }

const always = (variables: { [key: string]: Json }) => () => variables
const ofNewPet = (earlier: Readonly<Record<string, Json>>) => ({ petId: textAt(earlier['CreatePet'], ['createPet', 'pet', 'id']) })
const firstProduct = (earlier: Readonly<Record<string, Json>>) => textAt(earlier['Recommendations'], ['recommendations', 'items', '0', 'product', 'id'])

/** In the order in which they are run and printed. An operation of schema/operations that is not here is an error. */
const EXAMPLES: readonly Example[] = [
  { operation: 'Recommendations', as: 'user', variables: always({ petId: BORI }) },
  { operation: 'RecommendationHistory', as: 'user', variables: always({ petId: BORI, first: 2 }) },
  { operation: 'ProductMatchScore', as: 'user', variables: (earlier) => ({ productId: firstProduct(earlier), petId: HARU }) },
  { operation: 'Product', as: 'user', variables: (earlier) => ({ id: firstProduct(earlier) }) },
  { operation: 'Products', as: 'user', variables: always({ species: 'DOG', search: 'salmon', first: 2 }) },
  { operation: 'MyPets', as: 'user', variables: always({}) },
  { operation: 'CreatePet', as: 'user', variables: always({ input: { name: 'Mong', species: 'DOG', birthdate: '2023-04-01', weightKg: 7.2, foodAllergies: ['BEEF'] } }) },
  { operation: 'UpdatePet', as: 'user', variables: (earlier) => ({ input: { ...ofNewPet(earlier), foodAllergies: ['BEEF', 'CORN'], isNeutered: true } }) },
  { operation: 'UpdatePetWeight', as: 'user', variables: (earlier) => ({ ...ofNewPet(earlier), weightKg: 7.5 }) },
  { operation: 'SetPrimaryPet', as: 'user', variables: ofNewPet },
  { operation: 'UpdatePreferences', as: 'user', variables: always({ input: { weightsPreset: 'SAFE', softAvoidIngredients: ['corn syrup'] } }) },
  { operation: 'GenerateExplanations', as: 'user', variables: always({ petId: BORI, locale: 'EN' }) },
  { operation: 'ClearRecommendationCache', as: 'user', variables: always({ petId: BORI }) },
  { operation: 'DeletePet', as: 'user', variables: ofNewPet },
  { operation: 'UpdateProduct', as: 'admin', variables: (earlier) => ({ input: { productId: firstProduct(earlier), claims: ['Sold in a paper bag'] } }) },
  { operation: 'CacheStats', as: 'admin', variables: always({}) },
  { operation: 'CacheEntry', as: 'admin', variables: always({ petId: HARU }) },
  { operation: 'ClearAllRecommendationCaches', as: 'admin', variables: always({}) },
]

const OPERATIONS = new URL('../../schema/operations/', import.meta.url)
const PAGE = fileURLToPath(new URL('../../docs/api.md', import.meta.url))
const START_MS = 60_000
const answerSchema = z.object({ data: z.json().optional(), errors: z.json().optional() })

const INTRODUCTION = `# The operations, with an example of each

Made by \`npm run docs:api\`: a gateway is started with its demo, each operation of [schema/operations](../schema/operations) is sent to it,
and what it answers is printed here. Ids of runs and times are of that run. Of a list only the first item is shown. What each field
means is told in [schema/schema.graphql](../schema/schema.graphql).

Every request is a POST of \`{"query": ..., "variables": ...}\` as application/json to \`/graphql\` with \`Authorization: Bearer <token>\`.
`

type Gateway = { url: string; tokens: Record<Who, string>; stop(): Promise<void> }

/** As a newcomer starts it, with nothing configured. */
async function startDemo(dataDir: string): Promise<Gateway> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const env = { PATH: process.env['PATH'] ?? '', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const found: Record<string, string> = {}
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('the gateway did not start'))
    }, START_MS)
    child.once('close', (code) => reject(new Error(`the gateway ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, name, value] = /^(GraphiQL|User|Admin) +(\S.*)$/.exec(line) ?? []
      if (name !== undefined && value !== undefined) found[name] = value
      const { GraphiQL: url, User: user, Admin: admin } = found
      if (url === undefined || user === undefined || admin === undefined) return
      clearTimeout(timer)
      const stop = async () => {
        child.kill('SIGTERM')
        await ended
      }
      resolve({ url, tokens: { user, admin }, stop })
    })
  })
}

async function ask({ url, tokens }: Gateway, as: Who, query: string, variables: object): Promise<Json> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: tokens[as] },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = answerSchema.parse(await response.json())
  if (errors !== undefined || data === undefined) throw new Error(`An example was refused: ${JSON.stringify(errors)}`)
  return data
}

function section(name: string, as: Who, text: string, variables: object, answer: Json): string {
  const comment = text.split('\n').filter((line) => line.startsWith('#')).map((line) => line.replace(/^# ?/, ''))
  const query = text.split('\n').filter((line) => !line.startsWith('#')).join('\n').trim()
  const blocks = [fenced('graphql', query), fenced('json', JSON.stringify(variables)), fenced('json', JSON.stringify(shortened(answer), null, 1))]
  return [`## ${name}${as === 'admin' ? ' (admins)' : ''}`, comment.join('\n'), ...blocks, ''].join('\n\n')
}

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``

/** Lists of objects are told by their first item. */
function shortened(value: Json): Json {
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? value : value.slice(0, 1).map(shortened)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]))
}

function textAt(value: Json | undefined, path: readonly string[]): string {
  let at: unknown = value
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  if (typeof at !== 'string') throw new Error(`No text at ${path.join('.')}`)
  return at
}

/** Writes docs/api.md from a run: `npm run docs:api`. */
await runCommand(async () => {
  const names = (await readdir(OPERATIONS)).map((file) => file.replace(/\.graphql$/, ''))
  const missing = names.filter((name) => EXAMPLES.every(({ operation }) => operation !== name))
  const unknown = EXAMPLES.filter(({ operation }) => !names.includes(operation)).map(({ operation }) => operation)
  if (missing.length + unknown.length > 0) throw new Error(`Without an example: ${missing.join(', ')}; an example without an operation: ${unknown.join(', ')}`)

  const folder = await mkdtemp(join(tmpdir(), 'petfood-docs-'))
  const gateway = await startDemo(folder)
  try {
    const earlier: Record<string, Json> = {}
    const sections: string[] = []
    for (const { operation, as, variables } of EXAMPLES) {
      const sent = variables(earlier)
      const text = await readFile(new URL(`${operation}.graphql`, OPERATIONS), 'utf8')
      const answer = await ask(gateway, as, text, sent)
      earlier[operation] = answer
      sections.push(section(operation, as, text, sent, answer))
    }
    await writeFile(PAGE, `${INTRODUCTION}\n${sections.join('\n')}`)
    return 0
  } finally {
    await gateway.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
