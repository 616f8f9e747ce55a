import type { Logger } from '../lib/logger.ts'
import { keysOf, type Keys } from './keys.ts'
import type { LineageWatch } from './lineage-watch.ts'
import { policies } from './policies.ts'
import type { RedisStore } from './redis.ts'

/**
 * What lies in Redis under the keys of a former lineage, dropped to free its memory: nothing reads it any more, and
 * without this it would stay until it expires. Not at once, and only if nobody has written its heartbeat meanwhile: the
 * former lineage may go on elsewhere, where this database is a copy of one that is in use.
 */
export function createFormerKeys({ redis, watch, monotonicNow, logger }: {
  redis: Pick<RedisStore, 'scan' | 'unlink' | 'get' | 'heartbeatPlaces'>
  watch: Pick<LineageWatch, 'onMoved'>
  monotonicNow: () => number
  logger: Logger
}) {
  let waiting: { keys: Keys; since: number; heartbeats?: string } | undefined
  let closed = false

  watch.onMoved((former) => {
    if (former !== undefined) waiting = { keys: keysOf(former), since: monotonicNow() }
  })

  const heartbeatsOf = async (keys: Keys): Promise<string> => JSON.stringify(await redis.get(redis.heartbeatPlaces().map(keys.heartbeat)))

  const drop = async (keys: Keys): Promise<void> => {
    let dropped = 0
    for (const pattern of keys.patterns.all) {
      for await (const found of redis.scan(pattern, policies.sweepBatch)) {
        dropped += await redis.unlink(found)
        if (closed) return
      }
    }
    logger.info({ dropped }, 'redis: the keys of the former lineage were dropped')
  }

  return {
    /** Called after every good check of trust. Never rejects. */
    dropIfUnused: async (): Promise<void> => {
      const former = waiting
      if (former === undefined) return
      try {
        former.heartbeats ??= await heartbeatsOf(former.keys)
        if (monotonicNow() - former.since < policies.formerLineageMs || waiting !== former) return
        waiting = undefined
        if ((await heartbeatsOf(former.keys)) === former.heartbeats) await drop(former.keys)
      } catch (error) {
        // What is left expires by itself.
        logger.debug({ err: error }, 'redis: the keys of the former lineage were not dropped')
      }
    },
    close: (): void => {
      closed = true
    },
  }
}
