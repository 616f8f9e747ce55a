import autocannon from 'autocannon'
import { readFileSync } from 'node:fs'

/** Stands in for wrk: `URL CONNECTIONS SECONDS REQUESTS ORDER OFFSET`, says the same line at the end. */
const [url = '', connections = '', seconds = '', requestsFile = '', orderFile = '', offset = ''] = process.argv.slice(2)
const prepared = lines(requestsFile).map((line) => {
  const [token = '', body = ''] = line.split('\t')
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
  return { method: 'POST' as const, path: '/graphql', headers, body }
})
const order = lines(orderFile).map((line) => Number(line) - 1)
let at = Number(offset)

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [{ setupRequest: (request) => ({ ...request, ...prepared[order[(at = (at + 1) % order.length)] ?? 0] }) }],
})
const { latency, requests, errors, non2xx, duration, throughput } = result
process.stdout.write(
  `RESULT ${JSON.stringify({ requests: requests.total, us: duration * 1e6, bytes: throughput.total, errors: errors + non2xx, p50: latency.p50 * 1_000, p99: latency.p99 * 1_000 })}\n`,
)

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
}
