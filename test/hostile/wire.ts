import { connect, type Socket } from 'node:net'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'

export type WireAnswer = {
  status: number
  /** By name in lower case. */
  headers: ReadonlyMap<string, string>
  body: string
  /** All of it, for looking through. */
  text: string
}

/** Milliseconds; the gateway's own deadlines for an answer end before. */
const PATIENCE_MS = 4_000

const DECODE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { br: brotliDecompressSync, gzip: gunzipSync, zstd: zstdDecompressSync }

/**
 * The first whole answer in what was received, and how many bytes it took. `isOver`: nothing more will come, so an answer
 * without a length ends here.
 */
export function readAnswer(received: Buffer, { toHead, isOver }: { toHead: boolean; isOver: boolean }): { answer: WireAnswer; length: number } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = received.toString('latin1', 0, end)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1])
  if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${JSON.stringify(head.slice(0, 200))}`)
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  const begin = end + 4
  if (status < 200) return readRest(received, begin, { toHead, isOver })
  const isBodiless = toHead || status === 204 || status === 304
  const declared = headers.get('content-length')
  if (headers.get('transfer-encoding') === 'chunked') return readEmptyChunks(received, begin, { status, headers, head })
  if (!isBodiless && declared === undefined && !isOver) return undefined
  const length = isBodiless ? 0 : Number(declared ?? received.length - begin)
  if (received.length < begin + length) return undefined
  const bytes = received.subarray(begin, begin + length)
  const body = (DECODE[headers.get('content-encoding') ?? '']?.(bytes) ?? bytes).toString()
  return { answer: { status, headers, body, text: `${head}\n\n${body}` }, length: begin + length }
}

/** The gateway sends no chunks; what Node says in its place has none but the last. */
function readEmptyChunks(received: Buffer, begin: number, { status, headers, head }: Pick<WireAnswer, 'status' | 'headers'> & { head: string }) {
  const chunks = received.toString('latin1', begin)
  if ('0\r\n\r\n'.startsWith(chunks) && chunks.length < 5) return undefined
  if (!chunks.startsWith('0\r\n\r\n')) throw new Error(`a body in chunks: ${JSON.stringify(`${head}\n\n${chunks}`)}`)
  return { answer: { status, headers, body: '', text: head }, length: begin + 5 }
}

/** After an interim answer (100 Continue). */
function readRest(received: Buffer, begin: number, options: { toHead: boolean; isOver: boolean }) {
  const rest = readAnswer(received.subarray(begin), options)
  return rest && { answer: rest.answer, length: begin + rest.length }
}

export type Wire = {
  /** The answer; undefined where the connection was closed without one. */
  ask(request: Buffer, toHead?: boolean): Promise<WireAnswer | undefined>
  close(): void
}

/** One connection that is kept, and made anew when the server has closed it. One question at a time. */
export function createWire(port: number): Wire {
  let socket: Socket | undefined
  let received = Buffer.alloc(0)
  let wake = () => {}

  const open = (): Socket => {
    const made = connect({ port, host: '127.0.0.1', noDelay: true })
    received = Buffer.alloc(0)
    made.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      wake()
    })
    made.on('error', () => {})
    made.on('close', () => {
      if (socket === made) socket = undefined
      wake()
    })
    return made
  }

  const ask: Wire['ask'] = async (request, toHead = false) => {
    const kept = socket
    const used = (socket ??= open())
    used.write(request)
    const end = performance.now() + PATIENCE_MS
    for (;;) {
      const isOver = socket !== used
      const found = readAnswer(received, { toHead, isOver })
      if (found !== undefined) {
        received = received.subarray(found.length)
        if (found.answer.headers.get('connection')?.toLowerCase() === 'close') {
          used.destroy()
          if (socket === used) socket = undefined
        }
        return found.answer
      }
      // What was kept may have been closed just before it was used.
      if (isOver) return kept === undefined || received.length > 0 ? undefined : ask(request, toHead)
      if (performance.now() > end) {
        used.destroy()
        socket = undefined
        throw new Error(`no answer within ${PATIENCE_MS} ms to ${JSON.stringify(request.toString('latin1').slice(0, 2_000))}`)
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  return { ask, close: () => void socket?.destroy() }
}

/** How a client without manners ends: it stops sending and listens on, or it is gone at once. */
export type Ending = 'half-close' | 'gone'

/** Sends bytes over a connection of their own; every answer that came until the server closed it. */
export function exchange(port: number, bytes: Buffer, ending: Ending): Promise<WireAnswer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const chunks: Buffer[] = []
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`not closed within ${PATIENCE_MS} ms: ${JSON.stringify(bytes.toString('latin1').slice(0, 2_000))}`))
    }, PATIENCE_MS)
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      clearTimeout(timer)
      try {
        resolve(readAll(Buffer.concat(chunks)))
      } catch (error) {
        reject(error)
      }
    })
    if (ending === 'half-close') socket.end(bytes)
    else socket.write(bytes, () => socket.destroy())
  })
}

function readAll(received: Buffer): WireAnswer[] {
  const answers: WireAnswer[] = []
  for (let rest = received; rest.length > 0; ) {
    const found = readAnswer(rest, { toHead: false, isOver: true })
    // Cut off when the client left.
    if (found === undefined) break
    answers.push(found.answer)
    rest = rest.subarray(found.length)
  }
  return answers
}
