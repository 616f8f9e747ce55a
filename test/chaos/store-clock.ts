import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The clock of every store that is started after it was made; see libfaketime. */
export type StoreClock = {
  /** Of the machine's clock by so much; negative: behind it. */
  setAhead(ms: number): Promise<void>
}

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'

/**
 * Undefined where libfaketime is not installed (Debian's package faketime). Only the clock that tells the time is moved:
 * the monotonic one goes on, as it does when an operator sets the time.
 */
export async function createStoreClock(folder: string): Promise<StoreClock | undefined> {
  if (!existsSync(LIBRARY)) return undefined
  const file = join(folder, 'clock-of-the-stores')
  // In one step, and readable by whom the stores run as: they look at it whenever they ask for the time.
  const setAhead = async (ms: number): Promise<void> => {
    await writeFile(`${file}.new`, `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1_000}\n`, { mode: 0o644 })
    await rename(`${file}.new`, file)
  }
  await setAhead(0)
  Object.assign(process.env, {
    LD_PRELOAD: `${LIBRARY}:libc.so.6`,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  })
  return { setAhead }
}
