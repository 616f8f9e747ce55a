import type { RedisStore } from './redis.ts'

type Reader = Pick<RedisStore, 'mget' | 'mode'>
type Waiting = {
  groups: readonly (readonly string[])[]
  resolve: (values: (Buffer | null)[][]) => void
  reject: (cause: unknown) => void
}

/** Keys of one command: Redis serves nobody else meanwhile. */
const MOST_KEYS = 500

/**
 * MGET for those who do not know of each other. What is asked while one turn of the event loop is served goes to Redis as
 * one command, and what several ask for (the epoch, a heartbeat) stands in it once: under load the command, and not its
 * keys, is what a read costs. A cluster takes a command for each slot anyway, and there one that fails is no failure of
 * the others.
 */
export function joinedReads(redis: Reader): RedisStore['mget'] {
  if (redis.mode === 'cluster') return redis.mget
  let waiting: Waiting[] = []
  let keyCount = 0

  const flush = (): void => {
    const all = waiting
    waiting = []
    keyCount = 0
    const places = new Map<string, number>()
    for (const { groups } of all) for (const group of groups) for (const key of group) if (!places.has(key)) places.set(key, places.size)
    redis.mget([[...places.keys()]]).then(
      ([values = []]) => {
        for (const { groups, resolve } of all) resolve(groups.map((group) => group.map((key) => values[places.get(key) ?? -1] ?? null)))
      },
      (cause: unknown) => {
        for (const { reject } of all) reject(cause)
      },
    )
  }

  return (groups) =>
    new Promise((resolve, reject) => {
      // A command of very many keys may have been sent before the turn ends.
      if (waiting.length === 0) setImmediate(() => waiting.length > 0 && flush())
      waiting.push({ groups, resolve, reject })
      for (const group of groups) keyCount += group.length
      if (keyCount >= MOST_KEYS) flush()
    })
}
