import { connect, type Socket, type TcpNetConnectOpts, type IpcNetConnectOpts } from 'node:net'
import { Duplex } from 'node:stream'
import { createLeaveWatch, type Heard } from './reasons-to-leave.ts'
import { startupMessageIn } from './startup-message.ts'
import { negotiateTls, type TlsTerms } from './tls-negotiation.ts'

/*
  What postgres.js 3.4.9 reads from and writes to, in place of a socket.

  The driver uses the same object for one connection after another, and does not forget the one before. Whoever is next is
  told of it, or hangs:

    what it keeps                                            what comes of it
    bytes that were to be written at the next setImmediate,  the next startup message joins them and waits for that timer, which is
    and the timer for them, stopped                          never set again: the connect times out, and so do all after it
    the statement, where 'close' says there was an error     it is taken to be under way on the next connection, which waits for its
    and it was asked between 'error' and 'close'             answer for ever
    the error with which Postgres took leave                 it is told once more, to whoever opens the next connection; or, where
                                                             that too is an error, nobody is told and it connects without end
    that someone waits for the connection, where it is       it connects again at once and without end: so with a proxy that has
    closed before it is established, without an error        no server behind it

  So from here it hears nothing of that kind:

    - the startup message carries a padding (startup-message.ts) by which it is long enough to be sent whatever the timer says;
      what is first written is cut down to it, without the padding
    - 'error' and 'close' come together, with nothing in between, and 'close' never says that there was an error: then the driver
      rejects all it has
    - they come in a turn of their own: a transaction listens for the end of its connection from when it has heard the answer to
      its beginning, and would go on without one if the end had been told by then
    - the server's last words are an error of the connection and not a message on it: it ends with them; and so with the
      word that the server is read-only (reasons-to-leave.ts)
    - an end that was not asked for is an error

  It can be written to before it is connected, TLS or not, and is handed over like that. So the driver's time for a connect
  begins with it, and whoever ends the pool ends it too: one that was only promised by then would come up later, and stay.
*/

export class PostgresSocket extends Duplex {
  readonly #raw: Socket
  /** Bytes go through it: `#raw`, or TLS over it. Undefined until that is agreed. */
  #agreed: Socket | undefined
  #whenAgreed: (() => void) | undefined
  readonly #watch: (chunk: Buffer) => Heard
  #hasStarted = false
  #mayEnd = false

  constructor(target: TcpNetConnectOpts | IpcNetConnectOpts, terms: TlsTerms | undefined, server: string) {
    super({ allowHalfOpen: false })
    this.#watch = createLeaveWatch(server)
    this.#raw = connect(target)
    this.#endWith(this.#raw)
    if (terms === undefined) this.#use(this.#raw)
    else negotiateTls(this.#raw, terms).then((socket) => this.#use(socket), (error: Error) => this.leave(error))
  }

  /** The driver asks whether it can take leave, and whether a 'close' is still to come. */
  get readyState(): 'open' | 'closed' {
    return this.destroyed ? 'closed' : 'open'
  }

  setKeepAlive(enable: boolean, initialDelayMs: number): void {
    this.#raw.setKeepAlive(enable, initialDelayMs)
  }

  /** Ends the connection. The first reason counts. */
  leave(reason: Error | undefined): void {
    setImmediate(() => this.destroy(reason))
  }

  override _read(): void {
    this.#agreed?.resume()
  }

  override _write(written: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const chunk = this.#hasStarted ? written : this.#firstOf(written)
    this.#soon((socket) => (socket.write(chunk) ? done() : socket.once('drain', done)))
  }

  override _final(done: () => void): void {
    this.#mayEnd = true
    this.#soon((socket) => socket.end(done))
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#agreed?.destroy()
    this.#raw.destroy()
    done(error)
  }

  #firstOf(written: Buffer): Buffer {
    this.#hasStarted = true
    const startup = startupMessageIn(written)
    // Else it is a request to cancel, which is answered by an end.
    this.#mayEnd = startup === undefined
    return startup ?? written
  }

  #soon(work: (socket: Socket) => void): void {
    const socket = this.#agreed
    if (socket === undefined) this.#whenAgreed = () => this.#soon(work)
    else work(socket)
  }

  #use(socket: Socket): void {
    this.#agreed = socket
    if (socket !== this.#raw) this.#endWith(socket)
    socket.on('data', (received: Buffer) => this.#hear(received))
    this.#whenAgreed?.()
  }

  #hear(received: Buffer): void {
    const { chunk, reason } = this.#watch(received)
    if (chunk.length > 0 && !this.push(chunk)) this.#agreed?.pause()
    if (reason !== undefined) this.leave(reason)
  }

  #endWith(socket: Socket): void {
    const end = () => this.leave(this.#mayEnd ? undefined : Object.assign(new Error('Postgres closed the connection'), { code: 'CONNECTION_CLOSED' }))
    socket.on('error', (error) => this.leave(error)).on('end', end).on('close', end)
  }

}
