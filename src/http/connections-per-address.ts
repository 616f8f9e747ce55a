import type { Socket } from 'node:net'
import { blockOf, type TrustedProxies } from './trusted-proxies.ts'

/**
 * To be told of every new connection: closes it where its address has `most` already. A trusted proxy connects for all of
 * its clients, and may have as many as there are.
 */
export function createConnectionsPerAddress({ most, proxies }: { most: number; proxies: TrustedProxies }): (socket: Socket) => void {
  const open = new Map<string, number>()
  return (socket) => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || (proxies.kind === 'some' && proxies.trusts(remoteAddress, 0))) return
    const address = blockOf(remoteAddress) ?? remoteAddress
    const count = open.get(address) ?? 0
    if (count >= most) {
      socket.destroy()
      return
    }
    open.set(address, count + 1)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  }
}
