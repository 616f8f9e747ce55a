import Negotiator from 'negotiator'
import type { Locale } from '../domain/codes.ts'

/** The language that Accept-Language prefers among those we speak; English where it names none of them. */
export function localeOf(acceptLanguage: string | null): Locale {
  const preferred = new Negotiator({ headers: { 'accept-language': acceptLanguage ?? '' } }).language(['en', 'ko'])
  return preferred === 'ko' ? 'KO' : 'EN'
}
