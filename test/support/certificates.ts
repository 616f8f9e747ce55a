import { createPrivateKey, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Both as PEM. */
export type Certificate = { cert: string; key: string }
export type Authority = Certificate & {
  /** A certificate for these host names and IPv4 addresses. */
  issue(...names: readonly string[]): Certificate
}

/*
  Just enough of X.509 (RFC 5280) for a test to make its own authority: Node can read certificates but not make them, and not
  every machine has an openssl to call. Everything is DER: a tag, a length, the contents.
*/
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const text = (words: string) => der(0x0c, Buffer.from(words))
const utcTime = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
const TRUE = der(0x01, Buffer.from([255]))

const COMMON_NAME = oid('550403')
const BASIC_CONSTRAINTS = oid('551d13')
const ALTERNATIVE_NAMES = oid('551d11')
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))

const nameOf = (words: string) => sequence(der(0x31, sequence(COMMON_NAME, text(words))))
const alternative = (name: string) => (isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)))
const pem = (label: string, bytes: Buffer) => `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`

const DAY = 24 * 60 * 60 * 1000
const AUTHORITY = 'petfood test authority'

const make = (subject: string, extension: Buffer, signer: KeyObject | undefined): Certificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(AUTHORITY),
    sequence(utcTime(new Date(Date.now() - DAY)), utcTime(new Date(Date.now() + DAY))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  )
  const signature = createSign('SHA256').update(body).sign(signer ?? privateKey)
  const whole = sequence(body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature))
  return { cert: pem('CERTIFICATE', whole), key: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
}

/** Good from yesterday until tomorrow. */
export const makeAuthority = (): Authority => {
  const authority = make(AUTHORITY, sequence(BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE))), undefined)
  const signer = createPrivateKey(authority.key)
  return {
    ...authority,
    issue: (...names) => make(names[0] ?? 'nobody', sequence(ALTERNATIVE_NAMES, der(0x04, sequence(...names.map(alternative)))), signer),
  }
}
