import type { MasterState } from './redis.ts'

type Named = Pick<MasterState, 'name' | 'incarnation'>

/**
 * Whose data may be of unknown age where a master of a cluster has no usable heartbeat.
 *
 * A heartbeat speaks of the master that it lies on. A slot that moves takes it along, and a master that joins has none:
 * that says nothing of the data of the others. But a master whose data went back may also have given slots away since,
 * and then the others hold some of its data. So it is remembered who served which slot at the last good check. Data that
 * lay on a server then, and whose server is still the same incarnation, were verified, wherever they lie now. A slot that
 * came from any other server makes its owner a suspect. A process without a good check knows nothing of anybody's data.
 */
export function createDataOrigins() {
  let verified: { incarnations: ReadonlyMap<string, string>; owners: readonly string[] } | undefined
  const incarnationsOf = (masters: readonly Named[]) => new Map(masters.map(({ name, incarnation }) => [name, incarnation]))

  return {
    /** The check of these masters was good. `owners`: the name of the master of each slot when it began. */
    confirm: (masters: readonly Named[], owners: readonly string[]): void => {
      verified = { incarnations: incarnationsOf(masters), owners }
    },
    /** Those of `unknown`, and whoever may hold data of such. */
    suspects: <M extends Named>(masters: readonly M[], owners: readonly string[], unknown: readonly M[]): readonly M[] => {
      if (verified === undefined) return masters
      const { incarnations, owners: former } = verified
      const now = incarnationsOf(masters)
      const isSame = (name: string | undefined) => name !== undefined && now.has(name) && now.get(name) === incarnations.get(name)
      const gained = owners.filter((owner, slot) => owner !== former[slot] && !isSame(former[slot]))
      const names = new Set([...unknown.map(({ name }) => name), ...gained])
      return masters.filter(({ name }) => names.has(name))
    },
  }
}
