import { setTimeout as delay } from 'node:timers/promises'
import { FAULTS_OF_GATEWAYS } from './faults-of-gateways.ts'
import { FAULTS_OF_POSTGRES } from './faults-of-postgres.ts'
import { FAULTS_OF_REDIS } from './faults-of-redis.ts'
import { FAULTS_OF_WRITERS } from './faults-of-writers.ts'
import type { Fault } from './history.ts'
import type { Random } from './random.ts'
import type { Kind, Scene } from './scene.ts'

/** What can happen, how often beside the others, and what of Redis's promises it breaks. Each leaves things as it found them. */
export const FAULTS: Record<string, Kind> = { ...FAULTS_OF_REDIS, ...FAULTS_OF_POSTGRES, ...FAULTS_OF_GATEWAYS, ...FAULTS_OF_WRITERS }

/** One fault after the other, with a pause between them, until `until` says so. The same seed gives the same schedule. */
export async function injectFaults({ scene, random, only, isOver }: {
  scene: Scene
  random: Random
  only: string
  isOver: () => boolean
}): Promise<void> {
  const kinds = Object.entries(FAULTS)
    .filter(([name, { needsClock }]) => only.split(',').some((word) => name.includes(word)) && (needsClock === undefined || scene.clock !== undefined))
    .flatMap(([name, kind]) => Array.from({ length: kind.weight }, () => ({ name, kind })))
  if (kinds.length === 0) throw new Error(`There is no fault with ${only} in its name: expected one of ${Object.keys(FAULTS).join(', ')}.`)
  while (!isOver()) {
    const { name, kind } = random.pick(kinds)
    const ms = random.between(300, 4_000)
    const pauseMs = random.between(500, 3_000)
    // Entered before it begins and closed after it ended: while it goes on it lasts for ever.
    const fault: Fault = { kind: name, start: Date.now(), end: Infinity, losesData: kind.losesData === true, touches: kind.touches }
    scene.history.faults.push(fault)
    await kind.run(scene, random, ms)
    fault.end = Date.now()
    await delay(pauseMs)
  }
}
