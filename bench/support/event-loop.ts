import { monitorEventLoopDelay } from 'node:perf_hooks'

/*
  Loaded before a gateway by `node --import`: it logs, in the gateway's own format, by how much the event loop was late in
  the last fifth of a second. Milliseconds; the histogram counts from when a turn should have begun. `own`: the most that
  the main thread itself computed from one look to the next. What is late beyond that waited for a core.
*/
const RESOLUTION_MS = 5
const EVERY_MS = 200

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
histogram.enable()

let own = 0
let before = process.threadCpuUsage()
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before)
  before = process.threadCpuUsage()
  own = Math.max(own, (user + system) / 1_000)
}, RESOLUTION_MS).unref()

setInterval(() => {
  const max = Math.max(0, histogram.max / 1e6 - RESOLUTION_MS)
  const p99 = Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS)
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), msg: 'event loop', max, p99, own })}\n`)
  histogram.reset()
  own = 0
}, EVERY_MS).unref()
