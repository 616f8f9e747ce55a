import type { Logger } from '../lib/logger.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { PetMemory } from '../lib/pet-memory.ts'

/** Milliseconds. */
export const GONE_PETS_POLICY = {
  /** Notifications of this time are worked off together: each time all that is remembered is looked through. */
  gatherMs: 500,
  /** Everything remembered is compared with Postgres this often, in case a notification was lost. */
  checkMs: 60 * 60_000,
}
/** Ids in one statement. */
const BATCH = 1_000

/**
 * Drops what this process remembers of deleted pets. For correctness nobody needs it: what is remembered is used only
 * beside a fence, and the fence of a deleted pet lets nothing pass. But without it a person's texts would stay in memory until something
 * else needs the room.
 *
 * Triggers notify each deletion. A notification can be lost, and an answer that was on its way may be remembered after
 * it. So whenever listening begins again, and once an hour, Postgres is asked which of the remembered pets are gone.
 */
export function createGonePets({ memories, findGone, metrics, logger, policy = GONE_PETS_POLICY }: {
  memories: readonly PetMemory[]
  /** Which of these pets there are not. */
  findGone: (petIds: readonly string[]) => Promise<string[]>
  metrics: Pick<Metrics, 'forgottenOfPets'>
  logger: Logger
  policy?: typeof GONE_PETS_POLICY
}) {
  let gathered = new Set<string>()
  let isCheckDue = false
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()

  const forget = (gone: ReadonlySet<string>): void => {
    for (const memory of memories) metrics.forgottenOfPets.inc(memory.forgetPets(gone))
  }

  const check = async (): Promise<void> => {
    const ids = [...new Set(memories.flatMap((memory) => [...memory.petIds()]))]
    for (let i = 0; i < ids.length; i += BATCH) forget(new Set(await findGone(ids.slice(i, i + BATCH))))
  }

  const work = async (): Promise<void> => {
    const gone = gathered
    gathered = new Set()
    if (gone.size > 0) forget(gone)
    if (!isCheckDue) return
    isCheckDue = false
    await check().catch((error: unknown) => logger.warn({ err: error }, 'deleted pets not looked for, trying again in an hour'))
  }

  const workSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      working = working.then(work)
    }, policy.gatherMs).unref()
  }

  const checkSoon = (): void => {
    isCheckDue = true
    workSoon()
  }
  const hourly = setInterval(checkSoon, policy.checkMs).unref()

  return {
    /** Undefined: any pet may be gone. */
    notified: (petId: string | undefined): void => {
      if (petId === undefined) return checkSoon()
      gathered.add(petId)
      workSoon()
    },
    close: async (): Promise<void> => {
      clearInterval(hourly)
      clearTimeout(timer)
      await working
    },
  }
}
