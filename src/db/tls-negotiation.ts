import { once } from 'node:events'
import { isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Tls } from './tls.ts'

export type TlsTerms = {
  tls: Exclude<Tls, false>
  /** To whom the certificate must be made out. */
  host: string | undefined
  /** TLS from the first byte, without asking for it (Postgres 17 and later). */
  isDirect: boolean
}

/** Of the protocol: a length, and a number where a startup message has its version. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
const [YES, NO] = [0x53, 0x4e]

/** TLS over `raw`, or with 'prefer' `raw` itself, once Postgres has said which. Rejects where TLS is wanted and there is none. */
export async function negotiateTls(raw: Socket, { tls, host, isDirect }: TlsTerms): Promise<Socket> {
  if (!isDirect && !(await offersTls(raw))) {
    if (tls === 'prefer') return raw
    throw refused('this Postgres has no TLS')
  }
  const secured = connectTls({
    socket: raw,
    rejectUnauthorized: typeof tls === 'object',
    // Node is given a socket, and would check the certificate as one for localhost.
    ...(host === undefined ? {} : { host, ...(isIP(host) === 0 ? { servername: host } : {}) }),
    ...(typeof tls === 'object' && tls.ca !== undefined ? { ca: tls.ca } : {}),
    ...(isDirect ? { ALPNProtocols: ['postgresql'] } : {}),
  })
  await once(secured, 'secureConnect')
  return secured
}

async function offersTls(raw: Socket): Promise<boolean> {
  raw.write(SSL_REQUEST)
  const [answer]: Buffer[] = await once(raw, 'data')
  // One letter. What came with it, in the clear, could be from anybody, and would be read as if it had come encrypted.
  if (answer?.length !== 1 || (answer[0] !== YES && answer[0] !== NO)) throw refused('it does not say whether it has TLS')
  return answer[0] === YES
}

/** With Postgres's own code for "the client cannot establish the connection". */
function refused(why: string): Error {
  return Object.assign(new Error(`no connection to Postgres: ${why}`), { code: '08001' })
}
