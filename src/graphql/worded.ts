import type { Locale } from '../domain/codes.ts'
import type { Reason, RunItem } from '../domain/run.ts'
import { createDerived } from '../lib/interned.ts'

/** Something that has words, with the language they are to be in. The same object each time for what runs share. */
export type Worded<T> = T & { locale: Locale }

export type WordedCheck = Worded<RunItem['qualityChecks'][number]>

const reasonsIn = (locale: Locale) => createDerived((reason: Reason): Worded<Reason> => ({ ...reason, locale }))
const checksIn = (locale: Locale) => createDerived((checks: RunItem['qualityChecks']): WordedCheck[] => checks.map((check) => ({ ...check, locale })))

const reasonIn: Record<Locale, (reason: Reason) => Worded<Reason>> = { EN: reasonsIn('EN'), KO: reasonsIn('KO') }
const checklistIn: Record<Locale, (checks: RunItem['qualityChecks']) => WordedCheck[]> = { EN: checksIn('EN'), KO: checksIn('KO') }

export const wordedReasons = (reasons: readonly Reason[], locale: Locale): Worded<Reason>[] => reasons.map(reasonIn[locale])
export const wordedChecks = (checks: RunItem['qualityChecks'], locale: Locale): WordedCheck[] => checklistIn[locale](checks)
