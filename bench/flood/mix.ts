import { createHmac } from 'node:crypto'
import { readTrustedDocuments } from '../../src/http/trusted-documents.ts'

/** What a kind of the flood sends: one of these after the other, over connections that are kept where the gateway lets them. */
export type Kind = { name: string; share: number; requests: readonly Buffer[] }

const ids = [...readTrustedDocuments().keys()]
const repeat = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join(' ')

function post(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({ 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /graphql HTTP/1.1\r\nhost: gateway\r\n${lines.join('')}\r\n`), Buffer.from(body)])
}
const query = (text: string, headers?: Readonly<Record<string, string>>) => post(JSON.stringify({ query: text }), headers)

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** With claims that would do, were it not for the key. */
function forged(i: number): string {
  const text = `${base64url({ alg: 'HS256' })}.${base64url({ sub: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, iss: 'petfood-gateway', aud: 'petfood-app', exp: 4_000_000_000, roles: ['admin'] })}`
  return `${text}.${createHmac('sha256', 'a guess').update(text).digest('base64url')}`
}

/** Shares of the requests; what is slow is held beside them, see slow.ts. */
export const MIX: readonly Kind[] = [
  { name: 'deep', share: 0.15, requests: [8, 40, 150].map((n) => query(`{ viewer { pets ${'{ recommendations { pet '.repeat(n)}{ id }${' } }'.repeat(n)} } }`)) },
  { name: 'wide', share: 0.15, requests: [query(`{ ${repeat(300, (i) => `a${i}: viewer { id }`)} }`), query(`{ viewer { ${repeat(140, (i) => `pets { x: ${i % 2 ? 'id' : 'name'} }`)} } }`), query(`{ ...F0 } ${repeat(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Query { viewer { id } }`)] },
  {
    name: 'huge',
    share: 0.05,
    requests: [query('x'.repeat(90_000)), post(`{"query":"{ viewer { id } }","variables":{"a":[${'1,'.repeat(45_000)}1]}}`), post(`{"query":"{ viewer { id } }","variables":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`), post(Buffer.alloc(300_000, 'a'))],
  },
  {
    name: 'malformed',
    share: 0.25,
    requests: [post('{"query"'), post(Buffer.from([0xff, 0xfe, 0x00])), post('[]'), post('{"query":{"__proto__":1}}'), post('x', { 'content-type': 'text/plain' }), post(`{"documentId":"sha256:${'0'.repeat(64)}"}`), Buffer.from('GET /graphql?query=%7B HTTP/1.1\r\nhost: gateway\r\n\r\n'), Buffer.from('DELETE /graphql HTTP/1.1\r\nhost: gateway\r\n\r\n'), Buffer.from('GET /wp-login.php HTTP/1.1\r\nhost: gateway\r\n\r\n')],
  },
  { name: 'not HTTP', share: 0.05, requests: ['GARBAGE\r\n\r\n', 'GET /graphql HTTP/9.9\r\n\r\n', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n', `GET / HTTP/1.1\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`].map((text) => Buffer.from(text)) },
  { name: 'wrong token', share: 0.25, requests: [...Array.from({ length: 50 }, (_, i) => forged(i)), `${base64url({ alg: 'none' })}.${base64url({ sub: 'x' })}.`, 'a.b.c', 'x'.repeat(6_000)].map((token) => post(`{"documentId":"sha256:${ids[0]}","variables":{}}`, { authorization: `Bearer ${token}` })) },
  { name: 'no token', share: 0.1, requests: ids.map((id) => post(`{"documentId":"sha256:${id}","variables":{"petId":"7e2b9c40-51d8-4f0a-8b36-c5a9d4e01b01"}}`)) },
]
