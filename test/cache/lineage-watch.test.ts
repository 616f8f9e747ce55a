import { expect, test } from 'vitest'
import { createKeyspace } from '../../src/cache/keyspace.ts'
import { createLineageWatch } from '../../src/cache/lineage-watch.ts'
import { NO_MARKS } from '../../src/domain/marks.ts'
import { createLogger } from '../../src/lib/logger.ts'

function setUp() {
  const drawn: string[] = []
  const keyspace = createKeyspace()
  const store = { draw: async (former: string) => `after ${drawn.push(former)}` }
  return { drawn, keyspace, watch: createLineageWatch({ store, keyspace, logger: createLogger('silent') }) }
}
const state = (lineage: string, version: number) => ({ lineage, isHome: true, marks: { ...NO_MARKS, version } })

test('a change that was read in another lineage leaves Redis alone until a check knows which one it is', async () => {
  const { keyspace, watch } = setUp()
  await watch.look()(state('first', 5), [])
  watch.note('second', 6)
  expect(keyspace.isKnown()).toBe(false)
  await watch.look()(state('second', 6), [])
  expect(keyspace.current().lineage).toBe('second')
})

test('a look that began in the former lineage draws no second one by its marks', async () => {
  const { drawn, keyspace, watch } = setUp()
  await watch.look()(state('first', 78), [])
  const slow = watch.look()
  await watch.look()(state('first', 35), [])
  await slow(state('after 1', 35), [{ ...NO_MARKS, version: 78 }])
  expect(drawn).toEqual(['first'])
  expect(keyspace.current().lineage).toBe('after 1')
})
