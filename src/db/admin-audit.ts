import { and, eq, sql } from 'drizzle-orm'
import type { Db } from './client.ts'
import { bounded } from './errors.ts'
import { adminAudit } from './tables/admin-audit.ts'
import { pets } from './tables/pets.ts'

/** What an admin is about to do. Null where it is not about a pet or a product, or names none properly. */
export type Deed = { adminId: string; action: string; petId: string | null; productId: string | null; requestId: string }

export type AuditStore = ReturnType<typeof createAuditStore>

export function createAuditStore(db: Db) {
  return {
    /**
     * Write the row. Returns its id, or undefined where the pet is the admin's own: then they act as any owner does. Both
     * in one statement, committed when this resolves.
     */
    begin: async ({ adminId, action, petId, productId, requestId }: Deed): Promise<number | undefined> => {
      const [row] = await bounded(
        'audit',
        db.execute<{ id: number | string }>(sql`
          insert into ${adminAudit} (admin_id, action, pet_id, product_id, request_id)
          select ${adminId}, ${action}, ${petId}::uuid, ${productId}::uuid, ${requestId}
          where not exists (select 1 from ${pets} where ${pets.id} = ${petId}::uuid and ${pets.userId} = ${adminId})
          returning id`),
      )
      return row === undefined ? undefined : Number(row.id)
    },

    end: async (id: number, outcome: string): Promise<void> => {
      const unfinished = and(eq(adminAudit.id, id), eq(adminAudit.outcome, 'started'))
      await bounded('audit', db.update(adminAudit).set({ outcome, endedAt: sql`now()` }).where(unfinished))
    },
  }
}
