import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { createTokens, type TokenConfig, type Tokens } from '../src/http/tokens.ts'
import { createLogger } from '../src/lib/logger.ts'
import { percentile, table } from './support/figures.ts'

/*
  node bench/token-cost.ts

  What signing somebody in costs: a token that was never seen (its signature is verified) and one that was. One after the
  other on one core, medians of interleaved rounds.
*/

const TOKENS = 2_000
const ROUNDS = 7
const CLAIMS = { issuer: 'bench', audience: 'bench' }
const SECRET = 'a-secret-of-the-bench-that-is-long-enough'

const { privateKey, publicKey } = await generateKeyPair('RS256')
const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256' }
const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

type Kind = { algorithm: 'HS256' | 'RS256'; keys: TokenConfig['keys']; key: CryptoKey | Uint8Array }
const KINDS: readonly Kind[] = [
  { algorithm: 'HS256', keys: { kind: 'secret', secret: SECRET }, key: new TextEncoder().encode(SECRET) },
  { algorithm: 'RS256', keys: { kind: 'jwks', url: `http://127.0.0.1:${port}/`, algorithm: 'RS256' }, key: privateKey },
]

const sign = ({ algorithm, key }: Kind, i: number) =>
  new SignJWT({ roles: ['user'] })
    .setProtectedHeader({ alg: algorithm, kid: 'bench' }).setSubject('0d3a1f5e-7c1b-4b6e-9a53-2f0c8e7d1a01').setJti(String(i))
    .setIssuer(CLAIMS.issuer).setAudience(CLAIMS.audience).setExpirationTime('1h').sign(key)

/** Microseconds a token. */
const time = async (verify: Tokens['verify'], tokens: readonly string[]): Promise<number> => {
  const began = performance.now()
  for (const token of tokens) if ((await verify(token)).kind !== 'valid') throw new Error('a token of the bench is not good')
  return ((performance.now() - began) * 1000) / tokens.length
}

const rows = [['algorithm', 'first time, us', 'known, us', 'ratio']]
for (const kind of KINDS) {
  const tokens = await Promise.all(Array.from({ length: TOKENS }, (_, i) => sign(kind, i)))
  const [first, known]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    const { verify } = createTokens({ config: { ...CLAIMS, keys: kind.keys }, logger: createLogger('warn'), now: Date.now, monotonicNow: () => performance.now() })
    await time(verify, [await sign(kind, -1)]) // fetches the keys
    first.push(await time(verify, tokens))
    known.push(await time(verify, tokens))
  }
  const [a, b] = [percentile(first, 0.5), percentile(known, 0.5)]
  rows.push([kind.algorithm, a.toFixed(1), b.toFixed(1), (a / b).toFixed(0)])
}
process.stdout.write(`${table(rows)}\n`)
server.close()
