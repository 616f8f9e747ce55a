import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import { memoised } from '../lib/memoised.ts'

/** Whose word about where a request came from is taken: `X-Forwarded-For` as far as each link of it is trusted. */
export type TrustedProxies = { kind: 'none' } | { kind: 'some'; trusts: (address: string, hop: number) => boolean }

export const NO_PROXIES: TrustedProxies = { kind: 'none' }
export const TRUST_PROXY_FORMS = 'a number of proxies such as 1, or addresses and ranges such as 10.0.0.0/8,loopback'

const PEERS_KEPT = 1_000

/** Of proxy-addr. */
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal']

/** Undefined for anything that is neither a number of hops nor a list of addresses, ranges and names of proxy-addr's. */
export function parseTrustedProxies(text: string): TrustedProxies | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const hops = Number(text)
    return hops === 0 ? NO_PROXIES : { kind: 'some', trusts: (_address, hop) => hop < hops }
  }
  const trusted = text.split(',').map((one) => one.trim())
  // A bare number is an address too, in a notation of the last century: whoever writes one means something else.
  if (!trusted.every((one) => /[.:]/.test(one) || NAMED_RANGES.includes(one))) return undefined
  try {
    return { kind: 'some', trusts: proxyAddr.compile(trusted) }
  } catch {
    return undefined
  }
}

/**
 * What a client's address is counted under: an IPv4 address, or the /64 of an IPv6 one, since whoever has one address
 * of it has all of them. Where nothing usable was forwarded: of the peer that the socket is connected to.
 */
export function createClientAddress(proxies: TrustedProxies): (request: IncomingMessage) => string {
  // Of sockets, not of headers: what a client may write is not kept.
  const blockOfPeer = memoised(PEERS_KEPT, blockOf)
  return (request) => {
    const peer = request.socket.remoteAddress ?? ''
    const client = proxies.kind === 'none' ? undefined : blockOf(proxyAddr(request, proxies.trusts))
    return client ?? blockOfPeer(peer) ?? 'unknown'
  }
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Undefined for what is no address. A text of its own: a piece of a header would keep all of the header for as long as it is counted under. */
export function blockOf(text: string): string | undefined {
  const [address = ''] = text.split('%', 1)
  const [, mapped] = MAPPED_IPV4.exec(address) ?? []
  if (mapped !== undefined) return blockOf(mapped)
  const version = isIP(address)
  if (version !== 6) return version === 4 ? address.split('.').join('.') : undefined
  // In the one form that RFC 5952 allows, without an IPv4 tail.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  return `${groups.slice(0, 4).join(':')}::/64`
}
