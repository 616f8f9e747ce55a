import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { GUARDS } from './guards.ts'
import { applyPatch } from './patched-copy.ts'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

test.each(GUARDS)('can be taken out, and has tests that should notice: $name', ({ patches, file, tests }) => {
  const texts = new Map<string, string>()
  for (const patch of patches) texts.set(patch.file, applyPatch(texts.get(patch.file) ?? read(patch.file), patch))
  const names = read(file).replaceAll('\\', '')
  for (const name of tests) expect(names).toContain(name)
})
