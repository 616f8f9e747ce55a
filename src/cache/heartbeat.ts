/** Of one server's data: they were verified at `time` (milliseconds since 1970, Postgres's clock) on `incarnation`. */
export type Heartbeat = { incarnation: string; time: number }

export function encodeHeartbeat({ incarnation, time }: Heartbeat): string {
  return `1|${incarnation}|${Math.floor(time)}`
}

const ENCODED = /^1\|([\da-f]{1,64}\.[\da-f]{1,64})\|(\d{1,15})$/

/** Undefined for anything that `encodeHeartbeat` cannot have written. */
export function decodeHeartbeat(text: string | null): Heartbeat | undefined {
  const [, incarnation, time] = ENCODED.exec(text ?? '') ?? []
  return incarnation === undefined || time === undefined ? undefined : { incarnation, time: Number(time) }
}
