import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const OPERATIONS = new URL('../../schema/operations/', import.meta.url)
const PAGE = new URL('../../docs/api.md', import.meta.url)

test('docs/api.md shows every operation as it is, with variables and an answer; npm run docs:api writes it anew', async () => {
  const page = await readFile(PAGE, 'utf8')
  const sections = new Map(page.split(/^## /m).slice(1).map((section) => [/^\w+/.exec(section)?.[0], section]))
  const files = await readdir(OPERATIONS)
  expect(new Set(sections.keys())).toEqual(new Set(files.map((file) => file.replace('.graphql', ''))))
  for (const file of files) {
    const text = await readFile(new URL(file, OPERATIONS), 'utf8')
    const section = sections.get(file.replace('.graphql', '')) ?? ''
    expect(section).toContain(text.split('\n').filter((line) => !line.startsWith('#')).join('\n').trim())
    expect([...section.matchAll(/```json\n([^]*?)\n```/g)].map(([, json = '']) => typeof JSON.parse(json))).toEqual(['object', 'object'])
  }
})
