import { createServer, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blockOf, createClientAddress, parseTrustedProxies } from '../../src/http/trusted-proxies.ts'

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
  ['localhost', undefined],
  ['203.0.113.9:8080', undefined],
  ['', undefined],
  ['x'.repeat(10_000), undefined],
])('%s is counted under %s', (text, block) => {
  expect(blockOf(text)).toBe(block)
})

test.each(['yes', '10.0.0.0/99', '300.1.1.1', '1,2', '-1', '100'])('TRUST_PROXY=%s is refused', (text) => {
  expect(parseTrustedProxies(text)).toBeUndefined()
})

/** Says what the client's address is, for each way of trusting: asked by a peer whose own address is 127.0.0.1. */
let ask: (trust: string, forwarded: string | undefined) => Promise<string>
const server = createServer((incoming, response) => {
  const proxies = parseTrustedProxies(String(incoming.headers['x-trust']))
  response.end(proxies === undefined ? 'refused' : createClientAddress(proxies)(incoming))
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  ask = (trust, forwarded) =>
    new Promise((resolve, reject) => {
      const headers = { 'x-trust': trust, ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) }
      const asking = request({ host: '127.0.0.1', port, headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text))
      })
      asking.on('error', reject).end()
    })
})
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

describe.each([
  ['nobody is trusted', '0', '198.51.100.7', '127.0.0.1'],
  ['one proxy, which names the client last', '1', '6.6.6.6, 198.51.100.7', '198.51.100.7'],
  ['two proxies', '2', '6.6.6.6, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ['a range that holds the proxy', '127.0.0.0/8', '6.6.6.6, 198.51.100.7', '198.51.100.7'],
  ['ranges that hold both proxies', 'loopback,10.0.0.0/8', '6.6.6.6, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ['a range that does not hold the peer', '10.0.0.0/8', '198.51.100.7', '127.0.0.1'],
  ['a proxy that forwards no address', '1', 'unknown', '127.0.0.1'],
  ['a proxy that forwards nothing', '1', undefined, '127.0.0.1'],
])('%s', (_name, trust, forwarded, client) => {
  test('gives the address that no client can choose for itself', async () => {
    expect(await ask(trust, forwarded)).toBe(client)
  })
})
