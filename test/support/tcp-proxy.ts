import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/*
  A network of our own between a client and its server, for partitions.

    forwarding  bytes go through, both ways
    cut         all connections are destroyed and new ones are refused at once: the server's machine is up, nobody listens
    hanging     connections stay open and new ones are taken, but no byte goes through: a partition

  What was under way when it began to hang is not lost: it goes through after resume(), as TCP would send it again.
*/

export type TcpProxy = {
  readonly port: number
  /** Connections taken since the start. */
  readonly accepted: number
  /** Connections open now. */
  readonly open: number
  cut(): Promise<void>
  hang(): void
  /** Ends a cut or a hang. */
  resume(): Promise<void>
  /** Destroys the open connections and sends new ones to another port of 127.0.0.1. A cut or a hang goes on. */
  retarget(port: number): void
  close(): Promise<void>
}

/** `into`: what the server's bytes are written to, which is the client or ends there. */
type Pair = { client: Socket; server: Socket | undefined; into: Duplex }

const isAddress = (address: AddressInfo | string | null): address is AddressInfo => typeof address === 'object' && address !== null

/**
 * Forwards from a free port of 127.0.0.1 to `targetPort` there. `rewriting` makes what all bytes from the server go through,
 * one for each connection. Close it in afterAll.
 */
export const createTcpProxy = async (targetPort: number, rewriting?: () => Duplex): Promise<TcpProxy> => {
  const pairs = new Set<Pair>()
  let target = targetPort
  let hanging = false
  let accepted = 0

  const join = (pair: Pair): void => {
    const { client } = pair
    const server = connect({ host: '127.0.0.1', port: target })
    pair.server = server
    server.on('error', () => {})
    server.on('close', (failed) => (failed ? client.destroy() : client.destroySoon()))
    if (rewriting !== undefined) {
      pair.into = rewriting()
      pair.into.pipe(client)
    }
    flow(pair)
  }
  const still = ({ client, server }: Pair): void => {
    client.unpipe()
    client.pause()
    server?.unpipe()
    server?.pause()
  }
  const flow = (pair: Pair): void => {
    const { client, server, into } = pair
    if (server === undefined) return join(pair)
    client.pipe(server)
    server.pipe(into)
  }

  const listener = createServer({ pauseOnConnect: true }, (client) => {
    accepted++
    const pair: Pair = { client, server: undefined, into: client }
    pairs.add(pair)
    client.setNoDelay(true)
    client.on('error', () => {})
    client.on('close', (failed) => {
      pairs.delete(pair)
      if (failed || hanging) pair.server?.destroy()
      else pair.server?.destroySoon()
    })
    if (!hanging) join(pair)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      listener.once('error', reject)
      listener.listen({ host: '127.0.0.1', port }, () => {
        listener.off('error', reject)
        resolve()
      })
    })
  await listen(0)
  const address = listener.address()
  if (!isAddress(address)) throw new Error('the proxy got no port')
  const { port } = address

  const destroyPairs = (): void => {
    for (const { client, server } of pairs) {
      client.destroy()
      server?.destroy()
    }
    pairs.clear()
  }
  const cut = () =>
    new Promise<void>((resolve) => {
      listener.close(() => resolve())
      destroyPairs()
    })
  return {
    port,
    get accepted() {
      return accepted
    },
    get open() {
      return pairs.size
    },
    cut,
    hang: () => {
      hanging = true
      pairs.forEach(still)
    },
    resume: async () => {
      if (hanging) {
        hanging = false
        pairs.forEach(flow)
      }
      if (!listener.listening) await listen(port)
    },
    retarget: (port) => {
      target = port
      destroyPairs()
    },
    close: cut,
  }
}
