import type { Circuit, CircuitStateName } from '../lib/circuit.ts'
import type { RedisStore } from './redis.ts'

/** How Redis is right now. `connected`: every master has just answered. What it does not tell is null. */
export type RedisStatus = {
  connected: boolean
  mode: RedisStore['mode'] | 'memory'
  circuit: CircuitStateName
  usedMemoryBytes: number | null
  keyCount: number | null
}

const UNTOLD = { connected: false, usedMemoryBytes: null, keyCount: null } as const

/** Asked whatever the circuit says: whoever looks wants to know how it is, and waits one deadline at most. Never rejects. */
export function createRedisStatus({ redis, circuit }: { redis: Pick<RedisStore, 'mode' | 'usage'>; circuit: Pick<Circuit, 'state'> }) {
  return async (): Promise<RedisStatus> => {
    const usage = await redis.usage().then((told) => ({ connected: true, ...told }), () => UNTOLD)
    return { ...usage, mode: redis.mode, circuit: circuit.state() }
  }
}

export const withoutRedis = async (): Promise<RedisStatus> => ({ ...UNTOLD, mode: 'memory', circuit: 'CLOSED' })
