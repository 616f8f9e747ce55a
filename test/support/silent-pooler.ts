import { connect, createServer, type AddressInfo } from 'node:net'
import { Transform } from 'node:stream'

const PARAMETER = 'in_hot_standby'

/**
 * Stands before a Postgres as a pooler does that does not report whether its server is a standby: clients hear of
 * another parameter in place of that one.
 */
export const startSilentPooler = async (targetPort: number): Promise<{ port: number; close(): Promise<void> }> => {
  const listener = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port: targetPort })
    const silence = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const text = chunk.toString('latin1').replaceAll(PARAMETER, 'x'.repeat(PARAMETER.length))
        done(null, Buffer.from(text, 'latin1'))
      },
    })
    client.pipe(server).pipe(silence).pipe(client)
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', end)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the pooler got no port')
  return { port: address.port, close: () => new Promise<void>((resolve) => listener.close(() => resolve())) }
}
