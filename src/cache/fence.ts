/**
 * The fence of a pet: what the newest invalidation or fill said of it. A cached result counts only while the fence
 * says the very version that the result was made from. `ownerId` null: the pet is gone.
 */
export type Fence = {
  epoch: number
  version: number
  ownerId: string | null
  /** For people who look. Null where the last word was an invalidation. */
  runId: string | null
  /** Whose first fill put it where none was, until that one has verified it: see scripts/fill.lua. */
  pendingFill?: string
  createdAt: number | null
}

const FORMAT = '1'

/** `1|epoch|version|owner|run|created`, the empty string for null; for the run `~` and a token while a fill is pending. The Lua scripts read and write the same form. */
export function encodeFence(fence: Fence): string {
  return [FORMAT, fence.epoch, fence.version, fence.ownerId ?? '', fence.pendingFill === undefined ? (fence.runId ?? '') : `~${fence.pendingFill}`, fence.createdAt ?? ''].join('|')
}

const ENCODED = /^1\|(\d{1,16})\|(\d{1,16})\|([0-9a-f-]{36}|)\|(~?[0-9a-f-]{36}|)\|(\d{1,16}|)$/

/**
 * A fence as it is compared later, by whoever made something under it: with the lineage that it is of, since two
 * lineages of a database may draw the same version for different changes.
 */
export const fenceTextOf = (lineage: string, text: string): string => `${lineage}|${text}`

/**
 * What a reader may believe of a fence. One that is pending was put there by a fill that has not been verified in
 * Postgres: it may be older than an invalidation that was lost with the fence before it, so it is no fence. Nor is one
 * of another epoch: whatever raised the epoch may have changed the pet's owner without drawing a version.
 */
export function believed(fence: Fence | undefined, epoch: number | undefined): Fence | undefined {
  return fence !== undefined && fence.pendingFill === undefined && fence.epoch === epoch ? fence : undefined
}

/** Undefined for anything that `encodeFence` cannot have written. */
export function decodeFence(text: string): Fence | undefined {
  const match = ENCODED.exec(text)
  if (match === null) return undefined
  const [, epoch = '', version = '', ownerId = '', runId = '', createdAt = ''] = match
  return {
    epoch: Number(epoch),
    version: Number(version),
    ownerId: ownerId === '' ? null : ownerId,
    runId: runId === '' || runId.startsWith('~') ? null : runId,
    ...(runId.startsWith('~') ? { pendingFill: runId.slice(1) } : {}),
    createdAt: createdAt === '' ? null : Number(createdAt),
  }
}
