import Negotiator from 'negotiator'
import type { Locale } from '../domain/codes.ts'
import { memoised } from '../lib/memoised.ts'

const HEADERS_KEPT = 200

const preferred = memoised(HEADERS_KEPT, (acceptLanguage: string): Locale => {
  const language = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language(['en', 'ko'])
  return language === 'ko' ? 'KO' : 'EN'
})

/** The language that Accept-Language prefers among those we speak; English where it names none of them. */
export function localeOf(acceptLanguage: string | null | undefined): Locale {
  return preferred(acceptLanguage ?? '')
}
