import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'

export type SigningKey = { kid: string; privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK }

export const makeKey = async (kid: string, alg = 'RS256'): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export const signWith = (key: SigningKey, claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey)

export type JwksServer = {
  url: string
  /** How often it was asked. */
  asked(): number
  publish(...keys: readonly SigningKey[]): void
  /** 'hang' takes the request and never answers. */
  behave(how: 'well' | 'fail' | 'hang' | 'garbage'): void
  close(): Promise<void>
}

/** An identity provider as far as its keys go. */
export const startJwksServer = async (): Promise<JwksServer> => {
  let keys: readonly JWK[] = []
  let asked = 0
  let how: 'well' | 'fail' | 'hang' | 'garbage' = 'well'
  const server = createServer((_request, response) => {
    asked++
    if (how === 'fail') response.writeHead(500).end('no')
    if (how === 'garbage') response.writeHead(200).end('<html>')
    if (how === 'well') response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server on a port')
  return {
    url: `http://127.0.0.1:${address.port}/.well-known/jwks.json`,
    asked: () => asked,
    publish: (...published) => void (keys = published.map(({ jwk }) => jwk)),
    behave: (next) => void (how = next),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
