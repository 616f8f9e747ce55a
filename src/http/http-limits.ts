/** What one client may hold of this process: milliseconds, bytes, connections. */
export type HttpLimits = typeof HTTP_LIMITS

export const HTTP_LIMITS = {
  /** From a connection or the end of the last request to the last header. */
  headersMs: 10_000,
  /** To the last byte of the body. */
  requestMs: 20_000,
  /** From an answer's first byte to its last: who does not read holds its bytes no longer than this. */
  answerMs: 30_000,
  /** Between two requests; above the 60 s after which load balancers usually drop an idle connection, so that they do it first. */
  keepAliveMs: 65_000,
  /** How often the first two are looked at. */
  checkMs: 1_000,
  headerBytes: 16_384,
  connections: 10_000,
  /** Connected by the kernel and not yet taken in: beyond, whoever connects is not heard and tries again after seconds. Linux cuts it to net.core.somaxconn. */
  backlog: 4_096,
  /** From one address, for IPv6 from one /64: many may share one, but nobody takes all there are. Not of proxies that are trusted. */
  connectionsPerAddress: 1_500,
  /** Of all request bodies that are on their way together; one of `smallBodyBytes` is read whatever the others hold. */
  bodiesBytes: 64 * 1024 * 1024,
  smallBodyBytes: 8_192,
}
