import { connect, type Socket } from 'node:net'

/** Milliseconds between two bytes of a request that never ends. */
const DRIP_MS = 1_000

const HEADERS = 'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\nx-slow: '
const BODY = 'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n{"query":"'

/** Holds `count` connections open: a third says nothing, a third drips headers, a third drips a body. Those that are closed are made anew. */
export function holdSlow({ port, count, addressOf }: { port: number; count: number; addressOf: (i: number) => string }): { end(): { held: number; closedByGateway: number } } {
  const sockets = new Map<number, Socket>()
  let closedByGateway = 0
  const hold = (i: number) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: addressOf(i) })
    sockets.set(i, socket)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () => {
      if (sockets.get(i) !== socket) return
      closedByGateway++
      sockets.delete(i)
    })
    if (i % 3 > 0) socket.write(i % 3 === 1 ? HEADERS : BODY)
  }
  for (let i = 0; i < count; i++) hold(i)
  const timer = setInterval(() => {
    for (let i = 0; i < count; i++) {
      const socket = sockets.get(i)
      if (socket === undefined) hold(i)
      else if (i % 3 > 0 && socket.writable) socket.write('a')
    }
  }, DRIP_MS)
  return {
    end: () => {
      clearInterval(timer)
      const held = sockets.size
      const all = [...sockets.values()]
      sockets.clear()
      for (const socket of all) socket.destroy()
      return { held, closedByGateway }
    },
  }
}
