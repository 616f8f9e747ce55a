/**
 * How far a database has come, by numbers that only rise in it: the last version and product revision that were drawn,
 * the end of its write-ahead log that is on disk (bytes), the epoch, the catalogue's version, and its clock (milliseconds
 * since 1970). Where one of them is lower than it was seen before, the database went back to an earlier state, or its
 * clock did.
 */
export const MARKS = ['version', 'revision', 'wal', 'epoch', 'catalogue', 'clock'] as const
export type Marks = Readonly<Record<(typeof MARKS)[number], number>>

export const NO_MARKS: Marks = { version: 0, revision: 0, wal: 0, epoch: 0, catalogue: 0, clock: 0 }

/** Milliseconds by which a clock may go back, as clocks do that are kept right. Far below `heartbeatMarginMs`. */
const CLOCK_TOLERANCE_MS = 1_000

export function encodeMarks(marks: Marks): string {
  return MARKS.map((name) => marks[name]).join('.')
}

/** Undefined for anything that `encodeMarks` cannot have written. */
export function decodeMarks(text: string): Marks | undefined {
  if (!/^\d{1,16}(?:\.\d{1,16}){5}$/.test(text)) return undefined
  const [version = 0, revision = 0, wal = 0, epoch = 0, catalogue = 0, clock = 0] = text.split('.').map(Number)
  return { version, revision, wal, epoch, catalogue, clock }
}

/** The furthest of all. */
export function furthest(all: readonly Marks[]): Marks {
  const most = (name: (typeof MARKS)[number]) => Math.max(0, ...all.map((marks) => marks[name]))
  return {
    version: most('version'),
    revision: most('revision'),
    wal: most('wal'),
    epoch: most('epoch'),
    catalogue: most('catalogue'),
    clock: most('clock'),
  }
}

/** The names of those in which `now` lies behind `seen`. */
export function behind(now: Marks, seen: Marks): string[] {
  return MARKS.filter((name) => now[name] < seen[name] - (name === 'clock' ? CLOCK_TOLERANCE_MS : 0))
}
