import { expect, test } from 'vitest'
import { etagOf, tagged } from '../../src/http/entity-tags.ts'

const TIER = /"(source)":(?:"(?:MEMORY|REDIS)"|true|false)/g

test('tags differ by request and by bytes, and not by what only tells the tier', () => {
  const body = '{"source":"MEMORY","name":"보리"}'
  const tag = etagOf('key', body, TIER)
  expect(etagOf('other key', body, TIER)).not.toBe(tag)
  expect(etagOf('key', '{"source":"MEMORY","name":"나비"}', TIER)).not.toBe(tag)
  expect(etagOf('key', '{"source":"REDIS","name":"보리"}', TIER)).toBe(tag)
  expect(etagOf('key', '{"source":"REDIS","name":"보리"}', undefined)).not.toBe(etagOf('key', body, undefined))
})

test('a text and its bytes have the same tag', () => {
  for (const tierNames of [TIER, undefined]) expect(etagOf('key', Buffer.from('{"name":"보리"}'), tierNames)).toBe(etagOf('key', '{"name":"보리"}', tierNames))
})

test('a request and a body are told apart, wherever one ends and the other begins', () => {
  expect(etagOf('key', '1{}', undefined)).not.toBe(etagOf('key1', '{}', undefined))
})

test('what the client has already is answered with 304 and without a body, by the weak comparison', () => {
  const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
  for (const sent of ['W/"a"', '"a"', '"b", W/"a"', '*']) expect(tagged(answer, 'W/"a"', sent)).toEqual({ status: 304, headers: { etag: 'W/"a"' }, body: '' })
  for (const sent of [undefined, '"b"', 'a']) expect(tagged(answer, 'W/"a"', sent)).toMatchObject({ status: 200, body: '{}', headers: { etag: 'W/"a"' } })
})
