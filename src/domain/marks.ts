/**
 * How far a database has come, by numbers that only rise in it: the last version and product revision that were drawn,
 * the end of its write-ahead log that is on disk (bytes), the epoch, and the catalogue's version. Where one of them is
 * lower than it was seen before, the database went back to an earlier state.
 */
export const MARKS = ['version', 'revision', 'wal', 'epoch', 'catalogue'] as const
export type Marks = Readonly<Record<(typeof MARKS)[number], number>>

export const NO_MARKS: Marks = { version: 0, revision: 0, wal: 0, epoch: 0, catalogue: 0 }

export function encodeMarks(marks: Marks): string {
  return MARKS.map((name) => marks[name]).join('.')
}

/** Undefined for anything that `encodeMarks` cannot have written. */
export function decodeMarks(text: string): Marks | undefined {
  if (!/^\d{1,16}(?:\.\d{1,16}){4}$/.test(text)) return undefined
  const [version = 0, revision = 0, wal = 0, epoch = 0, catalogue = 0] = text.split('.').map(Number)
  return { version, revision, wal, epoch, catalogue }
}

/** The furthest of all. */
export function furthest(all: readonly Marks[]): Marks {
  const most = (name: (typeof MARKS)[number]) => Math.max(0, ...all.map((marks) => marks[name]))
  return { version: most('version'), revision: most('revision'), wal: most('wal'), epoch: most('epoch'), catalogue: most('catalogue') }
}

/** The names of those in which `now` lies behind `seen`. */
export function behind(now: Marks, seen: Marks): string[] {
  return MARKS.filter((name) => now[name] < seen[name])
}
