import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { GraphiQLOptions } from 'graphql-yoga'
import type { Answer } from './answer.ts'
import { compressBytes, preferredEncoding } from './compress.ts'

export type GraphiqlPage = (headers: IncomingHttpHeaders) => Promise<Answer>

const INLINE_SCRIPT = /<script>([^]*?)<\/script>/g

/**
 * The GraphiQL page: 9 MB with everything in it, so that it works without any network. It is rendered when first asked
 * for and kept with each encoding that was asked for; a browser that has it gets a 304.
 */
export function createGraphiqlPage(options: GraphiQLOptions): GraphiqlPage {
  const whole = once(async () => {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
    const html = renderGraphiQL(options)
    return { bytes: Buffer.from(html), etag: sha256(html).slice(0, 22), policy: contentSecurityPolicy(html) }
  })
  const encoded = {
    zstd: once(async () => compressBytes('zstd', (await whole()).bytes, 'many-times')),
    br: once(async () => compressBytes('br', (await whole()).bytes, 'many-times')),
    gzip: once(async () => compressBytes('gzip', (await whole()).bytes, 'many-times')),
  }
  return async ({ 'accept-encoding': acceptEncoding, 'if-none-match': known }) => {
    const { bytes, etag, policy } = await whole()
    const encoding = preferredEncoding(acceptEncoding ?? '')
    const tag = `"${etag}${encoding === undefined ? '' : `-${encoding}`}"`
    const headers = {
      etag: tag,
      // The page may hold the demo's token.
      'cache-control': 'private, no-cache',
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    }
    if (known?.includes(tag) === true) return { status: 304, headers, body: '' }
    const body = encoding === undefined ? bytes : await encoded[encoding]()
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/html; charset=utf-8', ...(encoding === undefined ? {} : { 'content-encoding': encoding }) },
      body,
    }
  }
}

/**
 * Only the page's own scripts run, by their hashes; its editor's workers are blobs that they make. Styles are set by
 * scripts at run time and cannot be hashed. It may talk to this server alone.
 */
function contentSecurityPolicy(html: string): string {
  const scripts = [...html.matchAll(INLINE_SCRIPT)].map(([, script = '']) => `'sha256-${sha256(script)}'`)
  return [
    "default-src 'none'", `script-src ${scripts.join(' ')}`, 'worker-src blob:', "style-src 'unsafe-inline'", 'img-src data:', 'font-src data:',
    "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].join('; ')
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
