/** One garbage collection. Megabytes of heap before and after, milliseconds. */
export type Collection = { isFull: boolean; before: number; after: number; ms: number }

const LINE = /: (?:\S+ )?(Scavenge|Mark-Compact)[^\d]*([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB, .*?([\d.]+) \/ [\d.]+ ms/

/** What a line says that V8 prints under `--trace-gc`; undefined for any other line. */
export function collectionOf(line: string): Collection | undefined {
  const [, kind, before, after, ms] = LINE.exec(line) ?? []
  return kind === undefined ? undefined : { isFull: kind === 'Mark-Compact', before: Number(before), after: Number(after), ms: Number(ms) }
}

/** `collections` in the order they came, of so many seconds. */
export function describeGarbage(collections: readonly Collection[], seconds: number): string {
  const [young, full] = [collections.filter(({ isFull }) => !isFull), collections.filter(({ isFull }) => isFull)]
  const survived = collections.slice(1).map((one, i) => (one.isFull || collections[i]?.isFull === true ? undefined : one.after - (collections[i]?.after ?? 0)))
  const grown = mean(survived.filter((one) => one !== undefined))
  const share = (all: readonly Collection[]) => ((all.reduce((sum, { ms }) => sum + ms, 0) / (seconds * 1_000)) * 100).toFixed(1)
  return (
    `${young.length} collections of the young, ${mean(young.map(({ ms }) => ms)).toFixed(1)} ms each, ${share(young)} % of the time; ` +
    `each freed ${mean(young.map(({ before, after }) => before - after)).toFixed(1)} MB and left ${grown.toFixed(1)} MB that the one before it had not; ` +
    `${full.length} full ones, ${share(full)} % of the time`
  )
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length)
