import { monitorEventLoopDelay } from 'node:perf_hooks'

/*
  Loaded before a gateway by `node --import`: it logs, in the gateway's own format, by how much the event loop was late in
  the last fifth of a second. Milliseconds; the histogram counts from when a turn should have begun.
*/
const RESOLUTION_MS = 5
const EVERY_MS = 200

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
histogram.enable()
setInterval(() => {
  const max = Math.max(0, histogram.max / 1e6 - RESOLUTION_MS)
  const p99 = Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS)
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), msg: 'event loop', max, p99 })}\n`)
  histogram.reset()
}, EVERY_MS).unref()
