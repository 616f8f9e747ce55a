import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Texts by the sha256 of their bytes, in lower-case hex. */
export type TrustedDocuments = ReadonlyMap<string, string>

const MANIFEST = new URL('../../schema/generated/persisted-documents.json', import.meta.url)

const manifest = z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), z.string())

/** The operations of schema/operations as codegen prints them: the app is built with the same manifest. */
export function readTrustedDocuments(): TrustedDocuments {
  const entries = Object.entries(manifest.parse(JSON.parse(readFileSync(MANIFEST, 'utf8'))))
  return new Map(entries.map(([id, text]) => [id.slice('sha256:'.length), text]))
}
