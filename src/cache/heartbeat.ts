import { decodeMarks, encodeMarks, type Marks } from '../domain/marks.ts'
import { policies } from './policies.ts'

/**
 * Written as `1|incarnation|time|marks`. Of one server's data: they were verified at `time` (milliseconds since 1970,
 * Postgres's clock) on `incarnation`, and Postgres had come as far as `marks` by then.
 */
export type Heartbeat = { incarnation: string; time: number; marks: Marks }

const ENCODED = /^1\|([\da-f]{1,64}\.[\da-f]{1,64})\|(\d{1,15})\|([\d.]{1,100})$/

/** Undefined for anything that scripts/beat.lua cannot have written. */
export function decodeHeartbeat(text: string | null): Heartbeat | undefined {
  const [, incarnation, time, encoded] = ENCODED.exec(text ?? '') ?? []
  const marks = encoded === undefined ? undefined : decodeMarks(encoded)
  if (incarnation === undefined || time === undefined || marks === undefined) return undefined
  return { incarnation, time: Number(time), marks }
}

/** What scripts/beat.lua is given of a heartbeat; all but the key. */
export function heartbeatArguments({ incarnation, time, marks }: Heartbeat): (string | number)[] {
  return [incarnation, Math.floor(time), encodeMarks(marks), policies.heartbeatLifeMs]
}

/**
 * What Postgres's clock says by now at the latest, told by the heartbeats of a read under trust: they are at most
 * `trustMs` old, and a read takes no longer than its deadline, but in a process that is too busy to read. What this
 * process remembers has no time to live in Redis that would end it, so this does. Infinity where a heartbeat is
 * missing: nothing outlives it.
 */
export const latestNow = (heartbeats: readonly (string | null)[]): number =>
  Math.max(...heartbeats.map((text) => decodeHeartbeat(text)?.time ?? Infinity)) + policies.trustMs + policies.commandDeadlineMs
