/**
 * Cross-origin reading, closed unless an origin is named. No credentials: who asks is told by headers that a page must
 * set itself, never by cookies, so nothing is gained by allowing them.
 */
export type Cors = {
  /** For any answer to a request with this Origin. */
  headers(origin: string | undefined): Readonly<Record<string, string>>
  /** For the answer to a preflight. */
  preflight(origin: string | undefined): Readonly<Record<string, string>>
}

const ALLOWED_HEADERS = 'Authorization, Content-Type, Traceparent, X-Device-UID, X-Petfood-CSRF, X-Request-Id'
const EXPOSED_HEADERS = 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'
/** Two hours: the most that browsers keep. */
const PREFLIGHT_KEPT_S = '7200'

export function createCors(origins: readonly string[]): Cors {
  // Where no origin is allowed the answer is the same for all, and Vary need not name it.
  const vary: Record<string, string> = origins.length === 0 ? {} : { vary: 'Origin' }
  const isAllowed = (origin: string | undefined): origin is string => origin !== undefined && origins.includes(origin)
  return {
    headers: (origin) =>
      isAllowed(origin) ? { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS } : vary,
    preflight: (origin) =>
      isAllowed(origin)
        ? {
            ...vary,
            'access-control-allow-origin': origin,
            'access-control-allow-methods': 'GET, POST',
            'access-control-allow-headers': ALLOWED_HEADERS,
            'access-control-max-age': PREFLIGHT_KEPT_S,
          }
        : vary,
  }
}
