import { readFileSync } from 'node:fs'

/** The blocks of one language in docs/operations.md, so that the tests run what people copy. */
export const blocksOf = (language: 'acl' | 'sql'): string[] => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block.trim())
  if (blocks.length === 0) throw new Error(`docs/operations.md holds no block of ${language}`)
  return blocks
}

export const DOCUMENTED_PASSWORD = 'change-me'
