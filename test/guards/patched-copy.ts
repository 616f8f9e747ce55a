import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One exact piece of a file and what stands in its place. */
export type Patch = { file: string; from: string; to: string }

export type PatchedCopy = { folder: string; remove(): Promise<void> }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PARTS = ['src', 'schema', 'drizzle', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts']

/** A copy of the project with patches applied, to see what notices. Throws where a piece is not found exactly once. */
export async function patchedCopy(patches: readonly Patch[]): Promise<PatchedCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'petfood-patched-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    for (const part of PARTS) await cp(join(ROOT, part), join(folder, part), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    for (const { file, from, to } of patches) {
      const path = join(folder, file)
      const text = await readFile(path, 'utf8')
      const count = text.split(from).length - 1
      if (count !== 1) throw new Error(`${file}: expected once, found ${count} times: ${from}`)
      await writeFile(path, text.replace(from, () => to))
    }
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
