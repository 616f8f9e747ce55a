import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { policies } from './policies.ts'

/**
 * How a value lies in Redis: one byte that names its encoding, then the text, compressed where that pays. Measured on a
 * run of ten real products (16 kB): zstd at level 1 leaves a quarter and costs less than sending the rest would.
 */
const PLAIN = 0x70 // p
const ZSTD = 0x7a // z

export type PayloadEncoding = 'plain' | 'zstd'

export function pack(text: string): Buffer {
  const plain = Buffer.from(text)
  if (plain.length < policies.compressAboveBytes) return Buffer.concat([Buffer.of(PLAIN), plain])
  return Buffer.concat([Buffer.of(ZSTD), zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })])
}

/**
 * Undefined for anything that `pack` cannot have written: another first byte, a torn value, or one that would unpack to
 * more than `largestResultBytes`; that is found out before the memory is taken.
 */
export function unpack(bytes: Buffer): { text: string; encoding: PayloadEncoding } | undefined {
  if (bytes[0] === PLAIN) return { text: bytes.toString('utf8', 1), encoding: 'plain' }
  if (bytes[0] !== ZSTD) return undefined
  try {
    const plain = zstdDecompressSync(bytes.subarray(1), { maxOutputLength: policies.largestResultBytes })
    return { text: plain.toString(), encoding: 'zstd' }
  } catch {
    return undefined
  }
}
