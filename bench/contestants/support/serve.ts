import type { Server } from 'node:http'

/** How often this contestant went to where the documents are, told on SIGUSR2: a cache that hits does not go there. */
export const counters = { loads: 0 }

/** On any free port of the loopback, told on stdout. */
export function serve(server: Server): void {
  server.listen(0, '127.0.0.1', () => told(server.address()))
}

/** For frameworks that listen themselves. */
export function told(address: ReturnType<Server['address']>): void {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  process.stdout.write(`LISTENING ${address.port}\n`)
}

process.on('SIGUSR2', () => process.stdout.write(`LOADS ${counters.loads}\n`))
process.on('SIGTERM', () => process.exit(0))
