/** One garbage collection: milliseconds since the process began, megabytes of heap before and after, and how long it took. */
export type Collection = { at: number; isFull: boolean; before: number; after: number; ms: number }

const LINE = / (\d+) ms: .*(Scavenge|Mark-Compact)[^\d]*([\d.]+) \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB, .*?([\d.]+) \/ [\d.]+ ms(?: +\(\+ ([\d.]+) ms)?/

/** What a line says that V8 prints under `--trace-gc`; undefined for any other line. Of a full one the steps before its end are counted too. */
export function collectionOf(line: string): Collection | undefined {
  const [, at, kind, before, after, ms, steps = '0'] = LINE.exec(line) ?? []
  return kind === undefined ? undefined : { at: Number(at), isFull: kind === 'Mark-Compact', before: Number(before), after: Number(after), ms: Number(ms) + Number(steps) }
}

/** `collections` in the order they came, of so many seconds. Throws where there are none: no server makes no garbage. */
export function describeGarbage(collections: readonly Collection[], seconds: number): string {
  const [young, full] = [collections.filter(({ isFull }) => !isFull), collections.filter(({ isFull }) => isFull)]
  if (young.length === 0) throw new Error('V8 told of no garbage collection, or in words that are not known here')
  const left = collections.slice(1).flatMap((one, i) => {
    const last = collections[i]
    return one.isFull || last === undefined || last.isFull ? [] : [one.after - last.after]
  })
  const share = (all: readonly Collection[]) => (all.reduce((sum, { ms }) => sum + ms, 0) / (seconds * 10)).toFixed(1)
  return (
    `${young.length} collections of the young, ${mean(young.map(({ ms }) => ms)).toFixed(1)} ms each, ${share(young)} % of the time; ` +
    `each freed ${mean(young.map(({ before, after }) => before - after)).toFixed(1)} MB and left ${mean(left).toFixed(1)} MB that the one before it had not; ` +
    `${full.length} full ones, ${share(full)} % of the time`
  )
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length)
