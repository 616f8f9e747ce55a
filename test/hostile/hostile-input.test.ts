import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLOSED, startGateway, TEST_SECRET, type TestGateway } from '../support/gateway.ts'
import { setStage, type Stage } from '../support/stage.ts'
import { brokenHttp } from './broken-http.ts'
import { createJudge, type Verdict } from './judge.ts'
import { createFindLeaks } from './leaks.ts'
import { OPERATIONS } from './operations.ts'
import { asked, createRequests, type People, type Prepared } from './requests.ts'
import { leastOf, textsOf, withValue } from './text-places.ts'
import { goodToken } from './tokens.ts'
import { fillIn } from './values.ts'
import { createWire, exchange, type WireAnswer } from './wire.ts'

/*
  Two gateways as in production, on real servers: one takes trusted documents only, one takes any, so that what is wrong
  reaches the depths. Neither limits rates. Whatever is sent, an answer tells nothing of the inside and is no failure of ours.
*/

const OWNERS = 40
const PETS_EACH = 3

let stage: Stage
let trusting: TestGateway
let open: TestGateway
let people: People
let judge: ReturnType<typeof createJudge>
const logged: string[] = []

beforeAll(async () => {
  stage = await setStage()
  const logger = pino({ level: 'error' }, { write: (text: string) => void logged.push(text) })
  const options = { databaseUrl: stage.database.url, cache: { kind: 'redis', url: stage.redis.url }, runMemoryBytes: 1_000_000, answerMemoryBytes: 1_000_000, metrics: { kind: 'off' }, logger } as const
  ;[trusting, open] = await Promise.all([startGateway({ ...options, exposure: CLOSED }), startGateway({ ...options, exposure: { ...CLOSED, arbitraryOperations: true } })])
  people = await makePeople(OWNERS)
  judge = createJudge(createFindLeaks({ urls: [stage.database.url, stage.redis.url], secrets: [TEST_SECRET, 'demo-neighbour'] }))
})
afterAll(async () => {
  await Promise.all([trusting?.close(), open?.close()])
  await stage?.close()
})

/** Each with pets that nobody has touched. */
async function makePeople(count: number): Promise<People> {
  const { sql } = stage.database
  const products = await sql`select id from products order by id limit 3`
  const productIds = products.map(({ id }) => String(id))
  const owners = Array.from({ length: count }, () => randomUUID())
  await sql`insert into users (id) select unnest(${owners}::uuid[])`
  const rows = await sql`
    insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg)
    select owner, 'pet ' || i, 'DOG', 30, current_date, 3 + i from unnest(${owners}::uuid[]) owner, generate_series(1, ${PETS_EACH}::int) i returning id, user_id`
  return owners.map((owner) => ({
    petIds: rows.filter((row) => row['user_id'] === owner).map(({ id }) => String(id)),
    productIds,
    token: goodToken(owner, false),
    adminToken: goodToken(owner, true),
  }))
}

type Tally = { inputs: number; statuses: Map<string, number>; answered: Map<string, number>; unavailable: Prepared[] }
const newTally = (): Tally => ({ inputs: 0, statuses: new Map(), answered: new Map(), unavailable: [] })
const count = (counts: Map<string, number>, what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)

const shown = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1')).slice(0, 3_000)

function note(tally: Tally, answer: WireAnswer, bytes: Buffer): Verdict {
  const verdict = judge(answer, bytes.length)
  if (verdict.problems.length > 0) throw new Error(`${verdict.problems.join('\n')}\nto ${shown(bytes)}\nin ${answer.text.slice(0, 2_000)}`)
  count(tally.statuses, `${answer.status}`)
  for (const code of new Set(verdict.codes)) count(tally.statuses, code)
  for (const name of verdict.answered) count(tally.answered, name)
  return verdict
}

/** Each over one connection that is kept. `also`: what else must hold of every answer. */
async function send(tally: Tally, { port }: TestGateway, requests: fc.Arbitrary<Prepared>, numRuns: number, also: (answer: WireAnswer) => void = () => {}): Promise<void> {
  const wire = createWire(port)
  const ask = async (prepared: Prepared) => {
    const answer = await wire.ask(prepared.bytes, prepared.isHead)
    tally.inputs++
    if (answer === undefined) throw new Error(`closed without an answer to ${shown(prepared.bytes)}`)
    note(tally, answer, prepared.bytes)
    if (answer.status === 503) tally.unavailable.push(prepared)
    also(answer)
  }
  try {
    await fc.assert(fc.asyncProperty(requests, ask), { numRuns })
  } finally {
    wire.close()
  }
}

async function sendBroken(tally: Tally, { port }: TestGateway, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(brokenHttp, async ({ bytes, ending }) => {
      const answers = await exchange(port, bytes, ending)
      tally.inputs++
      if (answers.length === 0) count(tally.statuses, 'closed')
      for (const answer of answers) note(tally, answer, bytes)
    }),
    { numRuns },
  )
}

const refusedSignIn = ({ status, text }: WireAnswer) => {
  if (![400, 401, 431].includes(status)) throw new Error(`a bad token was answered ${text.slice(0, 500)}`)
}

/** Each status and code that inputs must have led to, and how often at least: what nothing reaches is not tested. */
const REACHED = {
  trusting: { 200: 600, 204: 5, 302: 5, 400: 1_000, 401: 800, 404: 50, 405: 100, 406: 10, 415: 5, 431: 5, closed: 100, BAD_USER_INPUT: 1_000, UNAUTHENTICATED: 800, NOT_FOUND: 50, FORBIDDEN: 20 },
  open: { 200: 500, 400: 1_000, 405: 3, 413: 5, BAD_USER_INPUT: 1_000, UNAUTHENTICATED: 10, NOT_FOUND: 50, FORBIDDEN: 20 },
}
const missing = ({ statuses, answered }: Tally, atLeast: Readonly<Record<string, number>>) => [
  ...Object.entries(atLeast).filter(([what, least]) => (statuses.get(what) ?? 0) < least).map(([what, least]) => `${what}: ${statuses.get(what) ?? 0} of ${least}`),
  ...OPERATIONS.filter(({ rootField }) => (answered.get(rootField) ?? 0) < 3).map(({ name }) => `${name} was hardly ever answered`),
]

test('ten thousand hostile requests learn nothing of the inside, and none of them is a failure of ours', { timeout: 240_000 }, async () => {
  const requests = createRequests(people)
  const [ofTrusting, ofOpen] = [newTally(), newTally()]
  await Promise.all([
    send(ofTrusting, trusting, requests.namedById, 1_700),
    send(ofTrusting, trusting, requests.shape, 500),
    send(ofTrusting, trusting, requests.getNamed, 500),
    send(ofTrusting, trusting, requests.header, 700),
    send(ofTrusting, trusting, requests.token, 800, refusedSignIn),
    send(ofTrusting, trusting, requests.form, 500),
    send(ofTrusting, trusting, requests.document, 200),
    sendBroken(ofTrusting, trusting, 1_200),
    send(ofOpen, open, requests.namedByText, 1_000),
    send(ofOpen, open, requests.document, 1_300),
    send(ofOpen, open, requests.shape, 500),
    send(ofOpen, open, requests.bytes, 600),
    send(ofOpen, open, requests.search, 600),
  ])
  expect(ofTrusting.inputs + ofOpen.inputs).toBeGreaterThanOrEqual(10_000)
  expect(missing(ofTrusting, REACHED.trusting)).toEqual([])
  expect(missing(ofOpen, REACHED.open)).toEqual([])
  expect(logged).toEqual([])
  await expectNoneUnavailable(trusting, ofTrusting)
  await expectNoneUnavailable(open, ofOpen)
})

/** Too much at once may be refused; nothing by itself may be. */
async function expectNoneUnavailable({ port }: TestGateway, { unavailable }: Tally): Promise<void> {
  const wire = createWire(port)
  for (const { bytes, isHead } of unavailable) expect((await wire.ask(bytes, isHead))?.status, shown(bytes)).not.toBe(503)
  wire.close()
}

/** Every place in the variables of every operation that takes a text, each with each of these in it. */
const IN_TEXTS = ['\u0000', 'a\u0000b', '\ud800', 'a\udc00', 'https://pictures.example/\u0000', 'https://pictures.example/\ud800', Buffer.from('[1,"\u0000"]').toString('base64url'), '\uffff', "'; DROP TABLE PETS; --"]

test('NUL and half a character are refused in every text of every operation, and whatever else is sent in it is no failure', async () => {
  const strangers = await makePeople(OPERATIONS.length)
  const wire = createWire(trusting.port)
  let places = 0
  for (const [i, operation] of OPERATIONS.entries()) {
    const person = strangers[i]
    if (person === undefined) throw new Error('nobody')
    const ask = async (variables: unknown) => {
      const bytes = asked(operation, fillIn(variables, person), person)
      const answer = await wire.ask(bytes)
      if (answer === undefined) throw new Error(`no answer to ${shown(bytes)}`)
      return { ...judge(answer, bytes.length), body: answer.body }
    }
    const right = leastOf(operation)
    // But for the texts there is nothing wrong with what is asked.
    expect(await ask(right)).toMatchObject({ problems: [], codes: [], answered: [operation.rootField] })
    for (const path of textsOf(operation)) {
      places++
      for (const text of IN_TEXTS) {
        const { problems, codes, body } = await ask(withValue(right, path, text))
        const where = `${operation.name} ${path.join('.')} ${JSON.stringify(text)}: ${body}`
        expect(problems, where).toEqual([])
        if (/[\0\ud800-\udfff]/.test(text)) expect(codes, where).toEqual(['BAD_USER_INPUT'])
      }
    }
  }
  wire.close()
  expect(places).toBeGreaterThan(20)
  expect(logged).toEqual([])
})

test('after all of it both gateways answer a good request as ever', async () => {
  const [person] = await makePeople(1)
  const operation = OPERATIONS.find(({ name }) => name === 'Recommendations')
  if (person === undefined || operation === undefined) throw new Error('nobody to ask, or nothing to ask for')
  for (const { port } of [trusting, open]) {
    const wire = createWire(port)
    for (const source of [/"source":"COMPUTED"/, /"source":"(?:MEMORY|REDIS)"/]) {
      const { status, body } = (await wire.ask(asked(operation, fillIn({ petId: port === open.port ? '@pet0@' : '@pet1@' }, person), person))) ?? {}
      expect({ status, body }).toMatchObject({ status: 200, body: expect.stringMatching(source) })
      expect(body?.match(/"rank":/g)).toHaveLength(10)
    }
    wire.close()
  }
})
