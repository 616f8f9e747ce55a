import type { History, Promotion, Write } from './history.ts'

/**
 * What a pet was like for a time. `at` to `by`: when it was committed, at the earliest and at the latest; `by` is
 * Infinity where nobody knows whether it was. `forgottenBy`: the failover that lost it.
 */
export type State = {
  petId: string
  weightKg: number | null
  version: number | undefined
  at: number
  by: number
  forgottenBy: Promotion | undefined
  /** Larger than that of any earlier state of the pet. Versions are no order: they are drawn again after a failover. */
  order: number
}

/**
 * The states of every pet, in order. Postgres tells those it still knows. What a failover lost is told by the changes
 * that were made before it and are not there: a primary loses the end of its log, so all of them came after whatever it
 * kept, and before everything that was committed after the promotion.
 */
export function statesOf(history: Pick<History, 'writes' | 'commits' | 'promotions'>): Map<string, State[]> {
  const kept = history.commits.map((commit): State => ({ ...commit, by: commit.at, forgottenBy: undefined, order: commit.at }))
  const keptOf = Map.groupBy(kept, ({ petId }) => petId)
  const lost = history.writes.flatMap((write): State[] => {
    const forgottenBy = lostIn(write, history.promotions)
    if (forgottenBy === undefined || keptOf.get(write.petId)?.some((state) => isOf(state, write)) === true) return []
    const by = write.outcome === 'unknown' ? Infinity : write.end
    return [{ petId: write.petId, weightKg: write.weightKg, version: undefined, at: write.start, by, forgottenBy, order: forgottenBy.start }]
  })
  const inOrder = [...kept, ...lost].toSorted((x, y) => x.order - y.order || x.at - y.at)
  return Map.groupBy(inOrder.map((state, order) => ({ ...state, order })), ({ petId }) => petId)
}

/** The failover that may have lost what this change committed. */
export function lostIn({ start, end }: Write, promotions: readonly Promotion[]): Promotion | undefined {
  return promotions.find((promotion) => start <= promotion.start && end >= promotion.lagFrom)
}

/** Whether this is what the change committed. */
export function isOf(state: Pick<State, 'weightKg' | 'at'>, { weightKg, start, end }: Write): boolean {
  return state.weightKg === weightKg && state.at >= start - 1 && state.at <= end + 1
}

/** Whether a read that began at `start` could still know it. */
export const isKnownAt = ({ forgottenBy }: State, start: number): boolean => forgottenBy === undefined || start < forgottenBy.start

/** Whether `later` certainly came after `earlier`. What was lost is known by its changes alone, which may overlap. */
export const isAfter = (later: State, earlier: State): boolean =>
  later.order > earlier.order && (later.forgottenBy === undefined || earlier.forgottenBy === undefined || later.at > earlier.by)

export const nameOf = ({ version, weightKg }: State): string =>
  version === undefined ? `${weightKg} kg, lost in a failover` : `version ${version}`
