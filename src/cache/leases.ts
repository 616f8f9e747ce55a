import { randomUUID } from 'node:crypto'
import type { Logger } from '../lib/logger.ts'
import type { Keyspace } from './keyspace.ts'
import { policies } from './policies.ts'
import type { Asked } from './recommendation-cache.ts'
import type { RedisStore } from './redis.ts'
import type { Circuit } from '../lib/circuit.ts'

/** The right to compute, among all processes. Nothing depends on it but work: the store lets one run of a version stand. */
export type Leases = {
  take(asked: Asked, epoch: number, version: number): Promise<LeaseOutcome>
}

/** `held`: another process is computing this or something newer. `unavailable`: nobody can say, so everybody may compute. */
export type LeaseOutcome = { kind: 'taken'; lease: Lease } | { kind: 'held' } | { kind: 'unavailable' }

export type Lease = {
  /** True once it has run out or was taken: its holder is a zombie, and its run may have to give way. */
  isLost(): boolean
  release(): Promise<void>
}

/** A lease is renewed while its holder lives, and frees itself when that process dies, hangs or loses Redis. */
export function createLeases({ redis, circuit, keyspace, logger }: {
  redis: RedisStore
  circuit: Circuit
  keyspace: Pick<Keyspace, 'current' | 'isKnown'>
  logger: Logger
}): Leases {
  const take: Leases['take'] = async ({ petId, conditionsHash }, epoch, version) => {
    if (!circuit.isClosed() || !keyspace.isKnown()) return { kind: 'unavailable' }
    const key = keyspace.current().keys.lease(petId, conditionsHash)
    const token = randomUUID()
    const run = (verb: 'take' | 'renew' | 'release') => redis.run('lease', [key], [verb, token, epoch, version, policies.leaseMs])
    try {
      if ((await run('take')) !== 'taken') return { kind: 'held' }
    } catch (cause) {
      circuit.failed(cause)
      return { kind: 'unavailable' }
    }
    let lost = false
    const renewal = setInterval(() => {
      run('renew').then(
        (word) => {
          if (word !== 'lost') return
          lost = true
          clearInterval(renewal)
        },
        (error: unknown) => logger.debug({ err: error, petId }, 'lease not renewed'),
      )
    }, policies.leaseMs / 3).unref()
    const release = async () => {
      clearInterval(renewal)
      await run('release').catch((error: unknown) => logger.debug({ err: error, petId }, 'lease not released, it runs out by itself'))
    }
    return { kind: 'taken', lease: { isLost: () => lost, release } }
  }
  return { take }
}

/** Where no other process shares the cache, every lease is free. */
export const unsharedLeases: Leases = {
  take: async () => ({ kind: 'taken', lease: { isLost: () => false, release: async () => {} } }),
}
