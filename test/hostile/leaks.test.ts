import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ERROR_CODES } from '../../src/graphql/errors.ts'
import { hostileDocument } from './documents.ts'
import { createJudge } from './judge.ts'
import { createFindLeaks } from './leaks.ts'
import { hostileValue, POISONS } from './texts.ts'
import { anything } from './values.ts'
import { readAnswer } from './wire.ts'

const findLeaks = createFindLeaks({ urls: ['postgres://petfood:pass-word@127.0.0.1:40123/test_database', 'redis://127.0.0.1:40124'], secrets: ['the-secret-of-tokens'] })

const LEAKS: Readonly<Record<string, string>> = {
  'a statement': 'Failed query: x',
  'what drizzle sends': 'select "id", "name" from "users"',
  'an insert': 'insert into "users" values',
  'a hand-written statement': 'select id from t where x = $1',
  'a constraint': 'null value in column "a" of relation "b" violates not-null constraint',
  'a syntax error of Postgres': 'syntax error at or near "x"',
  'a NUL refused by Postgres': 'invalid byte sequence for encoding "UTF8": 0x00',
  'a table': 'the row of recommendation_runs is gone',
  'a column': 'weight_kg',
  'a Redis reply': 'WRONGTYPE Operation against a key',
  'a key': 'petfood:rec:meta:1',
  'a refused connection': 'connect ECONNREFUSED',
  'a stack': 'x\n    at parse (a.js:1:2)',
  'a stack of the runtime': 'x\n    at new Promise (<anonymous>)',
  'an error of the runtime': "TypeError: Cannot read properties of undefined (reading 'x')",
  'an error of JSON': 'Unexpected token < in JSON at position 0',
  'a module': '/app/node_modules/x',
  'a source file': 'ladder.ts:12',
  'a path': '/tmp/petfood-test/x',
  'this checkout': `${process.cwd()}/x`,
  'the host of Postgres': 'at 127.0.0.1:40123',
  'a port': 'redis:40124',
  'a database': 'test_database',
  'a password': 'pass-word',
  'the secret': 'the-secret-of-tokens',
}
test.each(Object.entries(LEAKS))('%s is found', (_name, text) => {
  expect(findLeaks(`{"message":"${text}"}`)).not.toEqual([])
})

test('what clients send is none of it, so that an echo is not taken for a leak', () => {
  expect(POISONS.flatMap((text) => findLeaks(text))).toEqual([])
  fc.assert(fc.property(fc.oneof(hostileValue, hostileDocument, anything.map((value) => JSON.stringify(value))), (text) => findLeaks(text).length === 0))
})

const judge = createJudge(findLeaks)
const problemsOf = (status: number, body: string, header = 'x-request-id: a') => {
  const text = `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\n${header}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const found = readAnswer(Buffer.from(text), { toHead: false, isOver: true })
  if (found === undefined) throw new Error('no answer')
  return judge(found.answer, 100).problems
}
const errorOf = (code: string, more = '') => `{"errors":[{"message":"m","extensions":{"code":"${code}"${more}}}]}`

test('answers that a stranger may see pass', () => {
  expect(problemsOf(200, '{"data":{"viewer":null}}')).toEqual([])
  for (const code of ERROR_CODES.filter((one) => one !== 'INTERNAL_SERVER_ERROR')) expect(problemsOf(code === 'SERVICE_UNAVAILABLE' ? 503 : 400, errorOf(code))).toEqual([])
})

test.each([
  ['a masked error', problemsOf(200, errorOf('INTERNAL_SERVER_ERROR'))],
  ['a status of our failing', problemsOf(500, errorOf('BAD_USER_INPUT'))],
  ['503 for another reason', problemsOf(503, errorOf('BAD_USER_INPUT'))],
  ['an error without a code', problemsOf(400, '{"errors":[{"message":"m"}]}')],
  ['a code of somebody else', problemsOf(400, errorOf('DOWNSTREAM'))],
  ['more beside the code', problemsOf(400, errorOf('CONFLICT', ',"exception":{}'))],
  ['a stack beside the message', problemsOf(400, '{"errors":[{"message":"m","stack":"s","extensions":{"code":"CONFLICT"}}]}')],
  ['a header that was injected', problemsOf(200, '{"data":{}}', 'x-request-id: a\r\nset-cookie: a=1')],
  ['a long refusal of little', problemsOf(400, errorOf('CONFLICT').replace('"m"', `"${'m'.repeat(70_000)}"`))],
  ['no JSON', problemsOf(200, 'hello')],
])('%s does not pass', (_name, problems) => {
  expect(problems).not.toEqual([])
})
