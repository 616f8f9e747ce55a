import { createServer, type AddressInfo } from 'node:net'

/** Ports on which people's own servers live. Ours never use them, even where the system would hand one out. */
const STANDARD_PORTS: ReadonlySet<number> = new Set([5432, 6379])

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null

/**
 * A port of 127.0.0.1 that was free a moment ago. Another process may take it before the server binds it: whoever
 * starts a server on it tries again with another one (see `startOnFreePort`).
 */
export const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = probe.address()
      probe.close(() => {
        if (!isAddress(address)) reject(new Error('the system gave no port'))
        else resolve(STANDARD_PORTS.has(address.port) ? findFreePort() : address.port)
      })
    })
  })
