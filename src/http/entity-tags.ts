import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'

/**
 * The tag of a response, made from its bytes: the same only for the same bytes, whatever they depend on (docs/decisions/033).
 * What only tells the tier is left out, so that a client whose response came from another tier is not sent it again. `key`: the
 * request with its sender, so that nobody's tag matches another's. Weak, since the bytes sent differ by encoding and by tier.
 */
export function etagOf(key: string, body: Buffer | string, tierNames: RegExp | undefined): string {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body)
  const hash = createHash('sha256').update(`${key.length} ${key}`)
  if (tierNames === undefined) hash.update(bytes)
  // A character for each byte, so that both branches tell the same of what is sent.
  else hash.update(bytes.toString('latin1').replaceAll(tierNames, '"$1":null'), 'latin1')
  return `W/"${hash.digest('base64url').slice(0, 27)}"`
}

/** With its tag. What the client has already is not sent again. */
export function tagged(answer: Answer, etag: string, ifNoneMatch: string | undefined): Answer {
  const headers: Record<string, string> = { ...answer.headers, etag }
  if (ifNoneMatch === undefined || !(ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => isSame(one.trim(), etag)))) return { ...answer, headers }
  const { 'content-type': _type, ...rest } = headers
  return { status: 304, headers: rest, body: '' }
}

/** By RFC 9110's weak comparison. */
const isSame = (one: string, other: string): boolean => one.replace(/^W\//, '') === other.replace(/^W\//, '')
