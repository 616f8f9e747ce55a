/** Where Redis is. `standalone` is anything one URL leads to, a managed service with its own failover included. */
export type RedisTarget =
  | { kind: 'standalone'; url: string }
  | { kind: 'unix'; path: string; database: number; login: Login }
  | { kind: 'sentinel'; sentinels: Host[]; masterName: string; database: number; login: Login; sentinelPassword: string | undefined; tls: boolean }
  | { kind: 'cluster'; nodes: Host[]; login: Login; tls: boolean }

export type Host = { host: string; port: number }
export type Login = { username: string | undefined; password: string | undefined }

export const REDIS_URL_FORMS =
  'redis://host:6379, redis+sentinel://host:26379,host:26379/master-name, redis+cluster://host:6379,host:6379 (rediss for TLS) or unix:///path/redis.sock'

const SEVERAL_HOSTS = /^redis(s?)\+(sentinel|cluster):\/\/(?:([^@/?]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/
const SOCKET = /^(?:redis\+)?unix:\/\/(?:([^@/?]*)@)?(\/[^?]+)(?:\?db=(\d{1,4}))?$/
const HOST = /^(\[[\da-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i

/**
 * One of REDIS_URL_FORMS; user and password stand before the hosts, percent-encoded. Beside a Sentinel's master name
 * `?db=1&sentinelPassword=...` is understood, beside a socket's path `?db=1`. Undefined for anything else.
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  const socket = SOCKET.exec(text)
  if (socket !== null) return toSocket(socket)
  const match = SEVERAL_HOSTS.exec(text)
  if (match === null) {
    const url = URL.parse(text)
    const isOne = url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '' && namesDatabase(url)
    return isOne ? { kind: 'standalone', url: text } : undefined
  }
  const [, secure, kind, userInfo = '', list = '', path = '', query = ''] = match
  const tls = secure === 's'
  const hosts = list.split(',').map((one) => toHost(one, kind === 'sentinel' ? 26_379 : 6_379))
  const login = toLogin(userInfo)
  if (login === undefined || hosts.includes(undefined)) return undefined
  const known = hosts.filter((host) => host !== undefined)
  if (kind === 'cluster') return path === '' && query === '' ? { kind, nodes: known, login, tls } : undefined

  const options = new URLSearchParams(query)
  const database = options.get('db') ?? '0'
  const isKnown = [...options.keys()].every((name) => name === 'db' || name === 'sentinelPassword')
  if (!/^[\w.-]+$/.test(path) || !/^\d{1,4}$/.test(database) || !isKnown) return undefined
  const sentinelPassword = options.get('sentinelPassword') ?? undefined
  return { kind: 'sentinel', sentinels: known, masterName: path, database: Number(database), login, sentinelPassword, tls }
}

/** `/5` or `?db=5`, or neither. Anything else the library would take for database 0. */
function namesDatabase({ pathname, searchParams }: URL): boolean {
  const ofPath = pathname.slice(1)
  const ofQuery = searchParams.get('db')
  return /^\d{0,4}$/.test(ofPath) && (ofQuery === null || (/^\d{1,4}$/.test(ofQuery) && (ofPath === '' || ofPath === ofQuery)))
}

function toSocket([, userInfo = '', path = '', database = '0']: RegExpExecArray): RedisTarget | undefined {
  const login = toLogin(userInfo)
  return login === undefined ? undefined : { kind: 'unix', path, database: Number(database), login }
}

function toHost(text: string, defaultPort: number): Host | undefined {
  const match = HOST.exec(text)
  const port = match?.[2] === undefined ? defaultPort : Number(match[2])
  if (match?.[1] === undefined || port < 1 || port > 65_535) return undefined
  return { host: match[1].replace(/^\[|\]$/g, ''), port }
}

function toLogin(userInfo: string): Login | undefined {
  const [username = '', ...rest] = userInfo.split(':')
  const password = rest.join(':')
  try {
    return { username: decodeURIComponent(username) || undefined, password: decodeURIComponent(password) || undefined }
  } catch {
    return undefined
  }
}
