import type { Plugin } from 'graphql-yoga'

/** What an answer depends on besides the address. */
const VARY = 'Authorization, X-Device-UID, Accept, Accept-Language'

/** An answer to GET is the sender's own: no shared cache may keep it, and a private one asks again before using it. */
export const privateAnswers: Plugin = {
  onResponse: ({ request, response }) => {
    if (request.method !== 'GET') return
    response.headers.set('cache-control', 'private, no-cache')
    response.headers.append('vary', VARY)
  },
}
