import type { Plugin } from 'graphql-yoga'
import { crossSite } from '../graphql/errors.ts'

/** What a page cannot add to a request to another site without asking that site first (a preflight). */
const NEEDS_PREFLIGHT = ['authorization', 'x-device-uid', 'x-petfood-csrf', 'apollo-require-preflight', 'x-apollo-operation-name', 'x-requested-with']

/**
 * Refuses the GET that a browser says another site's page made, unless a header shows that the browser asked first. Who
 * is no browser sends no Sec-Fetch-Site; who typed the address or asks from our own pages is `none` or `same-origin`.
 * A POST is JSON, and so was preflighted: see media-type.ts.
 */
export const crossSiteGuard: Plugin = {
  onRequestParse: ({ request: { method, headers } }) => {
    const site = headers.get('sec-fetch-site')
    if (method !== 'GET' || (site !== 'cross-site' && site !== 'same-site')) return
    if (NEEDS_PREFLIGHT.some((name) => headers.has(name))) return
    throw crossSite('A page of another site may ask by GET only with a header such as x-petfood-csrf.')
  },
}
