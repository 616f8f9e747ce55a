import type { IncomingHttpHeaders } from 'node:http'
import type { UserStore } from '../db/users.ts'
import { rateLimited, signInRefused, unavailable } from '../graphql/errors.ts'
import type { Asker } from '../recommend/ladder.ts'
import type { KnownDevices } from './known-devices.ts'
import type { Tokens } from './tokens.ts'

const DEVICE_UID = /^[\w.:-]{1,128}$/
/** A stranger can make up a device for every request, and each new one is a row: so many a minute in each process, and no more. */
const NEW_DEVICES_PER_MINUTE = 60

export type Authenticate = {
  /**
   * Who sends this request; undefined where it carries nothing to tell by. Throws UNAUTHENTICATED for a token or header
   * that is there but wrong: an expired token must not silently become nobody.
   */
  viewer(headers: Headers): Promise<Asker | undefined>
  /** The same for who has been seen before, without waiting; undefined for everybody else, whatever is wrong with them. */
  known(headers: IncomingHttpHeaders): Asker | undefined
}

export function createAuthenticate({ tokens, users, devices, deviceUid, monotonicNow }: {
  tokens: Tokens
  users: Pick<UserStore, 'findDevice' | 'registerDevice'>
  devices: Pick<KnownDevices, 'find' | 'resolve'>
  /** Whether the header X-Device-UID signs somebody in. */
  deviceUid: boolean
  monotonicNow: () => number
}): Authenticate {
  const newDevices = createBudget(NEW_DEVICES_PER_MINUTE, monotonicNow)

  const register = (uid: string): Promise<string> => {
    const retryAfterMs = newDevices.spend()
    if (retryAfterMs > 0) throw rateLimited('Too many new devices.', retryAfterMs)
    return users.registerDevice(uid)
  }

  const lookUp = async (uid: string): Promise<string> => (await users.findDevice(uid)) ?? register(uid)

  const fromDevice = async (uid: string): Promise<Asker> => {
    if (!DEVICE_UID.test(uid)) throw signInRefused('X-Device-UID must be 1 to 128 letters, digits, dots, colons, dashes or underscores.')
    return { userId: await devices.resolve(uid, lookUp), isAdmin: false }
  }

  const fromToken = async (authorization: string): Promise<Asker> => {
    const token = bearerOf(authorization)
    if (token === undefined) throw signInRefused('The Authorization header must be `Bearer <token>`.')
    const outcome = await tokens.verify(token)
    if (outcome.kind === 'unavailable') throw unavailable()
    if (outcome.kind === 'invalid') throw signInRefused(`The token is not valid: ${outcome.why}.`)
    return { userId: outcome.userId, isAdmin: outcome.isAdmin }
  }

  return {
    viewer: async (headers) => {
      const authorization = headers.get('authorization')
      if (authorization !== null) return fromToken(authorization)
      const uid = headers.get('x-device-uid')
      return deviceUid && uid !== null ? fromDevice(uid) : undefined
    },
    known: ({ authorization, 'x-device-uid': uid }) => {
      if (authorization !== undefined) {
        const token = bearerOf(authorization)
        return token === undefined ? undefined : tokens.known(token)
      }
      const userId = deviceUid && typeof uid === 'string' ? devices.find(uid) : undefined
      return userId === undefined ? undefined : { userId, isAdmin: false }
    },
  }
}

const bearerOf = (authorization: string): string | undefined => /^Bearer +(\S+)$/i.exec(authorization)?.[1]

/** So many a minute, counted from the first. Returns 0, or for how many milliseconds there is nothing left. */
function createBudget(perMinute: number, monotonicNow: () => number): { spend(): number } {
  let began = -Infinity
  let spent = 0
  return {
    spend: () => {
      if (monotonicNow() - began >= 60_000) [began, spent] = [monotonicNow(), 0]
      return ++spent > perMinute ? began + 60_000 - monotonicNow() : 0
    },
  }
}
