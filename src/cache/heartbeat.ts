/** Written as `1|incarnation|time`. Of one server's data: they were verified at `time` (milliseconds since 1970, Postgres's clock) on `incarnation`. */
export type Heartbeat = { incarnation: string; time: number }

const ENCODED = /^1\|([\da-f]{1,64}\.[\da-f]{1,64})\|(\d{1,15})$/

/** Undefined for anything that scripts/beat.lua cannot have written. */
export function decodeHeartbeat(text: string | null): Heartbeat | undefined {
  const [, incarnation, time] = ENCODED.exec(text ?? '') ?? []
  return incarnation === undefined || time === undefined ? undefined : { incarnation, time: Number(time) }
}
