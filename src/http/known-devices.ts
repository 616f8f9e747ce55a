import { LRUCache } from 'lru-cache'

const DEVICES_KEPT = 10_000
/** Milliseconds: a process uses what it knows of a device for this long, whatever it was not told. */
export const DEVICE_KNOWN_FOR_MS = 5 * 60_000

export type KnownDevices = ReturnType<typeof createKnownDevices>

/**
 * Which user a device belongs to, so that requests of a known device need no Postgres.
 *
 * A device may be moved to another user, and a user may be deleted. Postgres notifies all processes (db/notified-ids.ts), and then
 * the user is forgotten at once. A notification can be lost, so nothing is believed for more than five minutes after
 * the look-up began. A look-up that was already running when a change was notified may have read what was there before:
 * its answer serves the request that waits for it and is not kept.
 */
export function createKnownDevices({ monotonicNow }: { monotonicNow: () => number }) {
  // A user has one device, so the two maps mirror each other.
  const uidOf = new LRUCache<string, string>({ max: DEVICES_KEPT })
  const userOf = new LRUCache<string, { userId: string; lookedUpAt: number }>({ max: DEVICES_KEPT, dispose: ({ userId }) => uidOf.delete(userId) })
  let changes = 0

  const forget = (userId: string | undefined): void => {
    changes++
    if (userId === undefined) return userOf.clear()
    const uid = uidOf.get(userId)
    if (uid !== undefined) userOf.delete(uid)
  }

  const find = (uid: string): string | undefined => {
    const known = userOf.get(uid)
    if (known === undefined) return undefined
    if (monotonicNow() - known.lookedUpAt < DEVICE_KNOWN_FOR_MS) return known.userId
    userOf.delete(uid)
    return undefined
  }

  return {
    find,
    /** The device's user as it is known, else as `lookUp` says. */
    resolve: async (uid: string, lookUp: (uid: string) => Promise<string>): Promise<string> => {
      const known = find(uid)
      if (known !== undefined) return known
      const [before, lookedUpAt] = [changes, monotonicNow()]
      const userId = await lookUp(uid)
      if (changes === before) {
        const former = uidOf.get(userId)
        if (former !== undefined) userOf.delete(former)
        userOf.set(uid, { userId, lookedUpAt })
        uidOf.set(userId, uid)
      }
      return userId
    },
    /** `undefined`: all of them. */
    forget,
  }
}
