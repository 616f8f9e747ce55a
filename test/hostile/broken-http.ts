import fc from 'fast-check'
import { hostileText } from './texts.ts'
import type { Ending } from './wire.ts'

/* What is not HTTP, or a kind of it that servers have been led astray by. Each is sent over a connection of its own. */

const GOOD = '{"query":"{ viewer { id } }"}'
const line = (first: string, headers: string, body = '') => `${first}\r\n${headers}\r\n\r\n${body}`
const posted = (headers: string, body = GOOD) => line('POST /graphql HTTP/1.1', `Host: gateway\r\nContent-Type: application/json\r\n${headers}`, body)
const sized = `Content-Length: ${GOOD.length}`

const FIRST_LINES = [
  'GET /graphql HTTP/1.1', 'get /graphql HTTP/1.1', 'GET /graphql', 'GET /graphql HTTP/0.9', 'GET /graphql HTTP/1.0', 'GET /graphql HTTP/2.0', 'GET /graphql HTTP/9.9', 'GET /graphql HTTP/1.1 x', 'GET  /graphql  HTTP/1.1', 'GET\t/graphql\tHTTP/1.1', ' GET /graphql HTTP/1.1', 'GET graphql HTTP/1.1', 'GET * HTTP/1.1', 'OPTIONS * HTTP/1.1',
  'CONNECT evil.example:443 HTTP/1.1', 'GET http://evil.example/graphql HTTP/1.1', 'GET //evil.example/graphql HTTP/1.1', 'GET /graphql\u0000 HTTP/1.1', 'GET /graph\nql HTTP/1.1', 'GET /%zz HTTP/1.1', 'GET /\xff\xfe HTTP/1.1', 'NONSENSE /graphql HTTP/1.1', 'GETPOST / HTTP/1.1', 'PRI * HTTP/2.0', 'POST /graphql HTTP/1.1', 'SOURCE / ICE/1.0', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'EHLO evil.example', '*1\r\n$4\r\nPING', 'GET', '', '\u0000', `GET /${'a'.repeat(20_000)} HTTP/1.1`, `${'A'.repeat(20_000)} / HTTP/1.1`,
]
const HEADER_LINES = [
  'Host: gateway', 'Host: gateway\r\nHost: evil.example', 'Host:', 'Host: a b', 'X', ': x', ' x: y', 'X: a\r\n folded', 'X : a', 'X: \u0000', 'X: a\nY: b', 'X: a\rY: b', 'X-\u00e9: a', 'X: \x01', `X: ${'a'.repeat(17_000)}`, Array.from({ length: 3_000 }, (_, i) => `X${i}: 1`).join('\r\n'), Array.from({ length: 700 }, () => 'Cookie: a=1').join('\r\n'),
  'Content-Length: 5', 'Content-Length: -1', 'Content-Length: +5', 'Content-Length: 5, 5', 'Content-Length: 5\r\nContent-Length: 6', 'Content-Length: 0x5', 'Content-Length: 99999999999999999999', 'Content-Length: 1e3', 'Content-Length: ', 'Content-Length: 18446744073709551617',
  'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding : chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', 'Transfer-Encoding: identity',
  'Expect: 100-continue', 'Expect: x', 'Upgrade: websocket\r\nConnection: Upgrade', 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', 'Connection: close', 'Connection: x, y, z', 'Authorization: Bearer a\r\nAuthorization: Bearer b', 'X-Request-Id: a\r\nX-Request-Id: b', 'Content-Type: application/json\r\nContent-Type: text/plain',
]
const CHUNKS = [
  `1d\r\n${GOOD}\r\n0\r\n\r\n`, `1D;ext=1\r\n${GOOD}\r\n0\r\n\r\n`, `1d\r\n${GOOD}\r\n0\r\nX-Trailer: 1\r\n\r\n`, `ffffffff\r\n${GOOD}`, `-1\r\n${GOOD}`, `g\r\n${GOOD}`, `1d\r\n${GOOD}`, `1d\r\n${GOOD}0\r\n\r\n`, `1d\n${GOOD}\n0\n\n`, `0\r\n\r\n`, `0\r\n\r\nGET /graphql HTTP/1.1\r\nHost: x\r\n\r\n`, `1\r\n{\r\n`.repeat(40), `99999999999999999999\r\n`, `1d;${'x'.repeat(20_000)}\r\n${GOOD}\r\n0\r\n\r\n`, `0\r\n${'X: y\r\n'.repeat(3_000)}\r\n`, '\r\n\r\n', 'zz',
]

const assembled = fc.tuple(fc.constantFrom(...FIRST_LINES), fc.array(fc.constantFrom(...HEADER_LINES), { maxLength: 4 }), fc.oneof(fc.constantFrom('', 'hello', GOOD, `${GOOD}GET /graphql HTTP/1.1\r\nHost: x\r\n\r\n`), fc.constantFrom(...CHUNKS))).map(([first, headers, body]) => line(first, headers.join('\r\n'), body))
const chunked = fc.tuple(fc.constantFrom(...CHUNKS), fc.constantFrom('', '\r\nContent-Length: 29', '\r\nX: 1')).map(([body, more]) => posted(`Transfer-Encoding: chunked${more}`, body))
const wrongLength = fc.integer({ min: 0, max: 60 }).map((length) => posted(`Content-Length: ${length}`))
const pipelined = fc.integer({ min: 2, max: 20 }).map((n) => posted(sized).repeat(n))
const injected = fc.tuple(fc.constantFrom('X-Request-Id', 'traceparent', 'Accept-Language', 'X-Device-UID', 'Authorization', 'Origin', 'Accept'), hostileText).map(([name, text]) => posted(`${name}: ${Buffer.from(text.toWellFormed()).toString('latin1')}\r\n${sized}`))

/** A good request with some of its bytes replaced, left out, or cut off at some place. */
const edited = fc.tuple(fc.array(fc.tuple(fc.nat(200), fc.constantFrom('drop', 'put', 'cut'), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })).map(([edits]) => {
  let text = posted(`Accept: */*\r\n${sized}`)
  for (const [at, how, byte] of edits) {
    const place = at % (text.length + 1)
    text = how === 'cut' ? text.slice(0, place) : `${text.slice(0, place)}${how === 'put' ? String.fromCharCode(byte) : ''}${text.slice(place + 1)}`
  }
  return text
})
const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((all) => Buffer.from(all).toString('latin1'))

export const brokenHttp: fc.Arbitrary<{ bytes: Buffer; ending: Ending }> = fc.tuple(
  fc.oneof(
    { weight: 4, arbitrary: assembled },
    { weight: 3, arbitrary: edited },
    { weight: 1, arbitrary: chunked },
    { weight: 1, arbitrary: wrongLength },
    { weight: 1, arbitrary: injected },
    { weight: 1, arbitrary: fc.oneof(pipelined, noise) },
  ),
  fc.constantFrom<Ending>('half-close', 'half-close', 'half-close', 'gone'),
).map(([text, ending]) => ({ bytes: Buffer.from(text, 'latin1'), ending }))
