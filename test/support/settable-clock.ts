import { chmod, glob, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The wall clock of servers that are started with `env`; their monotonic clock stays as it is. */
export type SettableClock = {
  readonly env: Readonly<Record<string, string>>
  /** How far it is ahead of the machine's from now on, in milliseconds; less than 0: behind it. */
  setAhead(ms: number): Promise<void>
  /** Once the servers are stopped. */
  remove(): Promise<void>
}

const PLACES = ['/usr/lib/*/faketime/libfaketimeMT.so.1', '/usr/{lib,lib64,local/lib}/faketime/libfaketimeMT.so.1']

/** libfaketime, as distributions and its own Makefile install it. */
export async function findFaketime(): Promise<string | undefined> {
  for await (const found of glob(PLACES)) return found
  return undefined
}

/** Linux only, and there with libfaketime. `folder`: one that the servers' user may enter. */
export async function createSettableClock(folder: string): Promise<SettableClock> {
  const library = await findFaketime()
  if (library === undefined) {
    throw new Error('These tests need libfaketime: node test/servers/install-packages.ts installs it on Debian.')
  }
  const home = await mkdtemp(join(folder, 'clock-'))
  await chmod(home, 0o755) // as root the servers run as nobody
  const file = join(home, 'offset')
  const setAhead = async (ms: number): Promise<void> => {
    const next = `${file}.next`
    await writeFile(next, `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1_000).toFixed(3)}`, { mode: 0o644 })
    // At once: a server that reads half of it would take it for another time.
    await rename(next, file)
  }
  await setAhead(0)
  return {
    env: {
      // With the memory of the C library: Redis's jemalloc asks for the time while libfaketime is still being set up.
      LD_PRELOAD: `${library}:libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    setAhead,
    remove: () => rm(home, { recursive: true, force: true }),
  }
}
