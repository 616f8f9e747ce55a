import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib'
import Negotiator from 'negotiator'
import { memoised } from '../lib/memoised.ts'
import type { Answer } from './answer.ts'

/** Bytes; below it a compressed answer saves no packet. */
const WORTH_IT_BYTES = 1_024
/** Bytes; up to it compressing takes some 50 us, less than handing it to another thread and back costs by itself. */
const ASIDE_BYTES = 32_768
const HEADERS_KEPT = 200

/**
 * Of an answer of 46,700 bytes, CPU time and size: zstd 1 80 us, 7,358; br 1 79 us, 7,745; gzip 1 169 us, 8,181. One
 * level further up costs more time than it saves bytes (br 4: 337 us, 6,906), so it is for what is sent many times.
 */
type Effort = 'once' | 'many-times'
const LEVELS = { zstd: { once: 1, 'many-times': 9 }, br: { once: 1, 'many-times': 5 }, gzip: { once: 1, 'many-times': 6 } }

export type Encoding = keyof typeof LEVELS

const zstdOptions = (effort: Effort) => ({ params: { [constants.ZSTD_c_compressionLevel]: LEVELS.zstd[effort] } })
const brOptions = (effort: Effort, { length }: Buffer) => ({
  params: { [constants.BROTLI_PARAM_QUALITY]: LEVELS.br[effort], [constants.BROTLI_PARAM_SIZE_HINT]: length },
})

const zstdAside = promisify(zstdCompress)
const brAside = promisify(brotliCompress)
const gzipAside = promisify(gzip)

const HERE: Record<Encoding, (body: Buffer) => Buffer> = {
  zstd: (body) => zstdCompressSync(body, zstdOptions('once')),
  br: (body) => brotliCompressSync(body, brOptions('once', body)),
  gzip: (body) => gzipSync(body, { level: LEVELS.gzip.once }),
}
const ASIDE: Record<Encoding, (body: Buffer, effort: Effort) => Promise<Buffer>> = {
  zstd: (body, effort) => zstdAside(body, zstdOptions(effort)),
  br: (body, effort) => brAside(body, brOptions(effort, body)),
  gzip: (body, effort) => gzipAside(body, { level: LEVELS.gzip[effort] }),
}

/** In the order we like them, where a client takes several equally. */
const PREFERRED = ['zstd', 'br', 'gzip', 'identity']

/** Its published types lack the second argument. */
type Negotiating = { encoding(available: string[], options: { preferred: string[] }): string | undefined }

/** What Accept-Encoding prefers of what we have; undefined: the bytes as they are. */
export const preferredEncoding = memoised(HEADERS_KEPT, (acceptEncoding: string): Encoding | undefined => {
  const negotiator: Negotiating = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } })
  const preferred = negotiator.encoding(PREFERRED, { preferred: PREFERRED })
  return preferred === 'zstd' || preferred === 'br' || preferred === 'gzip' ? preferred : undefined
})

/** Away from the event loop. */
export const compressBytes = (encoding: Encoding, body: Buffer, effort: Effort): Promise<Buffer> => ASIDE[encoding](body, effort)

/** The answer as the client likes it best. What is small or encoded already stays as it is. */
export function compressed(answer: Answer, acceptEncoding: string | undefined): Answer | Promise<Answer> {
  if (answer.body.length < WORTH_IT_BYTES || answer.headers['content-encoding'] !== undefined) return answer
  const encoding = preferredEncoding(acceptEncoding ?? '')
  if (encoding === undefined) return answer
  const headers = { ...answer.headers, 'content-encoding': encoding }
  const known = answer.encoded?.(encoding)
  if (known !== undefined) return { ...answer, body: known, headers }
  const plain = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body
  if (plain.length <= ASIDE_BYTES) return { ...answer, body: HERE[encoding](plain), headers }
  return compressBytes(encoding, plain, 'once').then((body) => ({ ...answer, body, headers }))
}
