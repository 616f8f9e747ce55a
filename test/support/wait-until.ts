import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 10

/** Waits for something that can be observed, and says what it waited for when it does not come. */
export const waitUntil = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  { withinMs = 10_000 }: { withinMs?: number } = {},
): Promise<void> => {
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${what}`)
    await delay(POLL_MS)
  }
}
