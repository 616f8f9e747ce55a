import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One exact piece of a file and what stands in its place. */
export type Patch = { file: string; from: string; to: string }

export type PatchedCopy = { folder: string; remove(): Promise<void> }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PARTS = ['src', 'schema', 'drizzle', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts']

/** Throws where the piece is not found exactly once in the text. */
export function applyPatch(text: string, { file, from, to }: Patch): string {
  const count = text.split(from).length - 1
  if (count !== 1) throw new Error(`${file}: expected once, found ${count} times: ${from}`)
  return text.replace(from, () => to)
}

/** A copy of the project with patches applied, to see what notices. Throws where a piece is not found exactly once. */
export async function patchedCopy(patches: readonly Patch[]): Promise<PatchedCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'petfood-patched-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    for (const patch of patches) {
      const path = join(folder, patch.file)
      await writeFile(path, applyPatch(await readFile(path, 'utf8'), patch))
    }
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
