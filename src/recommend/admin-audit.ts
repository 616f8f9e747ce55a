import type { AuditStore, Deed } from '../db/admin-audit.ts'
import type { Logger } from '../lib/logger.ts'

export type AdminAudit = ReturnType<typeof createAdminAudit>

/**
 * Do what an admin asks, and leave a row and a line in the log that say so. The row is committed before the work begins:
 * nothing is done that could not be written down first, and whatever becomes of this process, what was done has its row.
 * If its end cannot be written, the row stays `started` and the admin still gets the answer: the change was committed.
 */
export function createAdminAudit({ store, logger }: { store: AuditStore; logger: Logger }) {
  return async <T>(deed: Deed, work: () => Promise<T>, codeOf: (error: unknown) => string): Promise<T> => {
    const id = await store.begin(deed)
    if (id === undefined) return work()

    const end = async (outcome: string): Promise<void> => {
      logger.info({ ...deed, outcome }, 'admin action')
      await store.end(id, outcome).catch((error: unknown) => logger.warn({ err: error, ...deed, outcome }, 'admin action: its end was not written'))
    }
    try {
      const result = await work()
      await end('ok')
      return result
    } catch (error) {
      await end(codeOf(error))
      throw error
    }
  }
}
