import type { Plugin } from 'graphql-yoga'
import { crossSite } from '../graphql/errors.ts'

/** What a page cannot add to a request to another site without asking that site first (a preflight). */
const NEEDS_PREFLIGHT = ['authorization', 'x-device-uid', 'x-petfood-csrf', 'apollo-require-preflight', 'x-apollo-operation-name', 'x-requested-with']

/**
 * Whether a browser says that another site's page made this GET, and nothing shows that it asked first. Who is no browser
 * sends no Sec-Fetch-Site; who typed the address or asks from our own pages is `none` or `same-origin`. A POST is JSON,
 * and so was preflighted: see media-type.ts.
 */
export function isUnasked(method: string | undefined, header: (name: string) => unknown): boolean {
  const site = header('sec-fetch-site')
  if (method !== 'GET' || (site !== 'cross-site' && site !== 'same-site')) return false
  return NEEDS_PREFLIGHT.every((name) => header(name) == null)
}

/** Refuses what a page of another site makes a browser send unasked. */
export const crossSiteGuard: Plugin = {
  onRequestParse: ({ request: { method, headers } }) => {
    if (isUnasked(method, (name) => headers.get(name))) throw crossSite('A page of another site may ask by GET only with a header such as x-petfood-csrf.')
  },
}
