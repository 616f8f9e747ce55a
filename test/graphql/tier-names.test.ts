import { parse } from 'graphql'
import { expect, test } from 'vitest'
import * as operations from '../../schema/generated/graphql.ts'
import { REFERENCES } from '../../src/domain/references/corpus.ts'
import { buildSchema } from '../../src/graphql/schema.ts'
import { createTierNames } from '../../src/graphql/tier-names.ts'
import { SOURCES } from '../../src/recommend/source.ts'

const tierNamesOf = createTierNames(buildSchema())
const found = (document: string, text: string) => text.match(tierNamesOf(parse(document)) ?? /^$/g) ?? []

test('what only tells the tier is found under whatever name the document gives it, in fragments too', () => {
  const document = '{ recommendations(petId: "p") { tier: source ...More } } fragment More on Recommendations { isCached pet { name } }'
  expect(found(document, '{"tier":"REDIS","isCached":true,"pet":{"name":"Bori"}}')).toEqual(['"tier":"REDIS"', '"isCached":true'])
  expect(found('{ pet(id: "p") { name } }', '{"name":"REDIS"}')).toEqual([])
})

test('a name under which anything else is asked for as well is not looked for: a pet may be called MEMORY', () => {
  const document = '{ recommendations(petId: "p") { source isCached pet { source: name isCached: isNeutered } } }'
  expect(found(document, '{"source":"REDIS","isCached":true,"pet":{"source":"MEMORY","isCached":false}}')).toEqual([])
})

test('a text that looks like a tier is a text', () => {
  const document = '{ recommendations(petId: "p") { source pet { name } } }'
  const text = JSON.stringify({ source: 'REDIS', pet: { name: '"source":"MEMORY"' } })
  expect(found(document, text)).toEqual(['"source":"REDIS"'])
})

test("no reference's source is the name of a tier, so the app's own operations are compared without the tier", () => {
  for (const { source } of REFERENCES) expect(SOURCES).not.toContain(source)
  expect(found(String(operations.RecommendationsDocument), '{"source":"MEMORY","isCached":true,"citations":[{"source":"AAFCO"}]}')).toEqual(['"source":"MEMORY"', '"isCached":true'])
})
