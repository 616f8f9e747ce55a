import { connect, type Socket } from 'node:net'

export type RawClient = {
  socket: Socket
  send(text: string): void
  /** Everything received so far. */
  received(): string
  /** What had been received when the server closed the connection. */
  closed: Promise<string>
}

/** A TCP connection without any manners of HTTP. */
export function rawClient(port: number): RawClient {
  const socket = connect({ port, host: '127.0.0.1' })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  // A reset is one of the ways in which a server closes.
  socket.on('error', () => {})
  return {
    socket,
    send: (part) => void socket.write(part),
    received: () => text,
    closed: new Promise((resolve) => socket.once('close', () => resolve(text))),
  }
}
