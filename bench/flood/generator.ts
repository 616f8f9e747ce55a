import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { MIX } from './mix.ts'
import { holdSlow } from './slow.ts'

/*
  node bench/flood/generator.ts --port <n> --rate <a second> --seconds <n> --addresses <n> --slow <sockets>

  A flood from one process and as many addresses of the loopback: prepared bytes over raw sockets, so that it costs little beside what it
  floods. Prints what it sent and was answered, as one line of JSON. A request is sent when its time has come and a connection is free;
  what finds none is `late`, counted and not sent.
*/

const args = z.object({ port: z.coerce.number(), rate: z.coerce.number(), seconds: z.coerce.number(), addresses: z.coerce.number(), slow: z.coerce.number() })
const option = { type: 'string' } as const
const { values } = parseArgs({ options: { port: option, rate: option, seconds: option, addresses: option, slow: option } })
const { port, rate, seconds, addresses, slow } = args.parse(values)

/** Milliseconds between two looks at what is due. */
const TICK_MS = 5
const MOST_CONNECTIONS = 1_500
/** An answer that has not come by then is counted as none, and its connection is left. */
const PATIENCE_MS = 10_000

type Tally = { sent: number; late: number; closed: number; unanswered: number; statuses: Record<string, number> }
const tallies = new Map<string, Tally>(MIX.map(({ name }) => [name, { sent: 0, late: 0, closed: 0, unanswered: 0, statuses: {} }]))

/** One connection; `waiting` for the answer to a request of that kind, since then. */
type Line = { socket: Socket; waiting: { tally: Tally; since: number } | undefined; received: Buffer }
const idle: Line[] = []
const lines = new Set<Line>()
let opened = 0

/** Each connection comes from the next address: 127.1.0.1 and on. */
const addressOf = (i: number) => `127.1.${Math.floor(i / 250)}.${1 + (i % 250)}`

function open(): Line {
  const socket = connect({ port, host: '127.0.0.1', localAddress: addressOf(opened++ % addresses), noDelay: true })
  const line: Line = { socket, waiting: undefined, received: Buffer.alloc(0) }
  lines.add(line)
  socket.on('data', (chunk: Buffer) => onData(line, chunk))
  socket.on('error', () => {})
  socket.on('close', () => {
    lines.delete(line)
    if (line.waiting !== undefined) line.waiting.tally.closed++
    line.waiting = undefined
  })
  return line
}

function onData(line: Line, chunk: Buffer): void {
  line.received = line.received.length === 0 ? chunk : Buffer.concat([line.received, chunk])
  const end = line.received.indexOf('\r\n\r\n')
  if (end === -1) return
  const head = line.received.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  if (line.received.length < end + 4 + length) return
  const status = head.slice(9, 12)
  if (line.waiting !== undefined) line.waiting.tally.statuses[status] = (line.waiting.tally.statuses[status] ?? 0) + 1
  line.waiting = undefined
  line.received = Buffer.alloc(0)
  if (/\r\nconnection: *close/i.test(head)) line.socket.destroy()
  else idle.push(line)
}

function free(): Line | undefined {
  for (let line = idle.pop(); line !== undefined; line = idle.pop()) if (!line.socket.destroyed && line.socket.writable) return line
  return lines.size < MOST_CONNECTIONS ? open() : undefined
}

/** Kinds in the order in which they are sent, over and over: each as often as its share says. */
const order = MIX.flatMap((kind) => Array.from({ length: Math.round(kind.share * 200) }, (_, i) => ({ kind, at: i / kind.share }))).sort((a, b) => a.at - b.at).map(({ kind }) => kind)
const next = new Map(MIX.map((kind) => [kind, 0]))

function send(i: number): void {
  const kind = order[i % order.length]
  const tally = kind && tallies.get(kind.name)
  if (kind === undefined || tally === undefined) return
  const line = free()
  if (line === undefined) {
    tally.late++
    return
  }
  const at = next.get(kind) ?? 0
  next.set(kind, at + 1)
  tally.sent++
  line.waiting = { tally, since: performance.now() }
  const bytes = kind.requests[at % kind.requests.length]
  if (bytes !== undefined) line.socket.write(bytes)
}

const held = holdSlow({ port, count: slow, addressOf: (i) => addressOf(i % addresses) })
const began = performance.now()
let due = 0
for (let elapsed = 0; elapsed < seconds * 1_000; elapsed = performance.now() - began) {
  for (const until = Math.floor((elapsed / 1_000) * rate); due < until; due++) send(due)
  for (const line of lines) {
    if (line.waiting === undefined || performance.now() - line.waiting.since < PATIENCE_MS) continue
    line.waiting.tally.unanswered++
    line.waiting = undefined
    line.socket.destroy()
  }
  await delay(TICK_MS)
}
const tookS = (performance.now() - began) / 1_000
await delay(1_000)
for (const { socket } of lines) socket.destroy()
const { user, system } = process.cpuUsage()
process.stdout.write(`${JSON.stringify({ tookS, cpuS: (user + system) / 1e6, opened, kinds: Object.fromEntries(tallies), slow: held.end() })}\n`)
