import { Redis } from 'ioredis'

/** A SELECT that a server refused. `host` is the path of a socket where there is no port. */
export type RefusedDatabase = { host: string; port: number | undefined; database: number; reason: string }

/**
 * A client of the database that its options name, and of no other.
 *
 * ioredis sends SELECT on every (re)connect and goes on where it is refused (a number that is too high, a user who may
 * not SELECT, a node of a cluster) or not answered in time: all that follows would be read from and written into
 * database 0. Here the connection ends with its SELECT. It is not ready before SELECT is answered, and no command with a
 * key is sent before it is ready, so none ever reaches another database. ioredis then connects and asks again.
 */
export class RedisInDatabase extends Redis {
  onRefused: (refused: RefusedDatabase) => void = () => {}

  override select(index: number | string): Promise<'OK'> {
    return super.select(index).catch((error: Error) => {
      const { path, host = '', sentinels } = this.options
      const { remoteAddress = '', remotePort: port } = this.stream
      const server = path ?? (Array.isArray(sentinels) ? remoteAddress : host)
      // Anything but a reply: the connection was lost, or the server was too slow.
      if (error.name === 'ReplyError') this.onRefused({ host: server, port, database: Number(index), reason: error.message })
      // Not ended politely: a server that hangs would not take part in that, and nothing would connect again.
      this.stream.destroy()
      throw error
    })
  }
}
