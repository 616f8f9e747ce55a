import { PostgresSocket } from './postgres-socket.ts'
import { PADDING } from './startup-message.ts'
import type { Tls } from './tls.ts'

/** What the driver has read of the URL, and hands to whoever makes its sockets. */
type Target = { host: readonly string[]; port: readonly number[]; path: string | false; sslnegotiation: string | null }

type Parameters = Readonly<Record<string, string | number>>

type Through = {
  /**
   * Of postgres.js, by which a pool connects through sockets of our own, with these startup parameters; see
   * postgres-socket.ts.
   */
  options: { ssl: false; socket: (target: Target) => PostgresSocket; connection: Parameters }
  /**
   * Ends every connection at once, also such as are being made: what is asked next connects anew, and may find another
   * server.
   */
  leaveAll(why: string): void
}

export function throughOurSockets(tls: Tls, parameters: Parameters): Through {
  const open = new Set<PostgresSocket>()
  // Of several hosts all connections use the same, until one of them ends: it failed, or it was not of the kind that
  // was asked for.
  let place = 0
  const socket = ({ path, host: hosts, port: ports, sslnegotiation }: Target): PostgresSocket => {
    const used = place
    const host = path === false ? hosts[used] : undefined
    const target = path === false ? { host: host ?? '', port: ports[used] ?? 0 } : { path }
    const server = path === false ? `${host}:${ports[used]}` : path
    const terms = tls === false ? undefined : { tls, host, isDirect: sslnegotiation === 'direct' }
    const made = new PostgresSocket(target, terms, server)
    open.add(made)
    made.once('close', () => {
      open.delete(made)
      if (place === used) place = (used + 1) % hosts.length
    })
    // The driver names them in its errors.
    return Object.assign(made, target)
  }
  return {
    options: { ssl: false, socket, connection: { ...parameters, ...PADDING } },
    leaveAll: (why) => {
      const reason = () => Object.assign(new Error(`this Postgres was left: ${why}`), { code: 'CONNECTION_CLOSED' })
      for (const one of open) one.leave(reason())
    },
  }
}
