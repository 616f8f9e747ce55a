/**
 * A parameter that makes a startup message longer than the 1,024 bytes which postgres.js sends without waiting for its timer; see
 * postgres-socket.ts. No server ever sees it.
 */
const NAME = 'petfood.padding'
const VALUE = ' '.repeat(1_024)
const PAIR = Buffer.from(`${NAME}\0${VALUE}\0`)
/** Version 3.0. Behind the length of a message it stands for nothing else: no text has a byte 0 in it. */
const PROTOCOL = Buffer.from([0, 3, 0, 0])
const LENGTH_BYTES = 4

export const PADDING: Readonly<Record<string, string>> = { [NAME]: VALUE }

/** The startup message at the end of what a driver wrote first to a socket, without the padding; undefined where there is none. */
export function startupMessageIn(written: Buffer): Buffer | undefined {
  const start = written.lastIndexOf(PROTOCOL) - LENGTH_BYTES
  if (start < 0 || written.readInt32BE(start) !== written.length - start) return undefined
  const padding = written.indexOf(PAIR, start)
  if (padding === -1) return written.subarray(start)
  const message = Buffer.concat([written.subarray(start, padding), written.subarray(padding + PAIR.length)])
  message.writeInt32BE(message.length)
  return message
}
