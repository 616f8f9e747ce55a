import type { Covered } from '../graphql/coverage.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Asker } from '../recommend/ladder.ts'
import type { Answer } from './answer.ts'
import type { Authenticate } from './authenticate.ts'
import type { Ask, Asked } from './graphql-endpoint.ts'
import { etagOf, type Kept, type KeptAnswers } from './kept-answers.ts'
import { localeOf } from './locale.ts'
import type { RateLimiting } from './rate-limits.ts'

const FROM_MEMORY: ReadonlySet<string> = new Set(['MEMORY'])

/**
 * The short way in front of GraphQL. It answers a request only where it can prove that executing it would say the same:
 * its sender is known already, this very request of theirs was executed before, and every fence that its answer was made
 * under still stands (see kept-answers.ts). The limits are charged as on the long way, and what it answers is counted.
 * Everything else goes the long way unchanged, and is kept on its way back where it can be.
 */
export function createKeptLane({ kept, authenticate, limiting, metrics, monotonicNow, next }: {
  kept: KeptAnswers
  authenticate: Pick<Authenticate, 'known'>
  limiting: Pick<RateLimiting, 'byUser'>
  metrics: Metrics
  monotonicNow: () => number
  next: Ask
}): Ask {
  const answers = metrics.answers.labels({ source: 'MEMORY' })

  const answerWith = ({ request, record }: Asked, found: Kept, began: number): Answer => {
    record.operation = found.operation
    if (found.covered.runs > 0) {
      record.sources = FROM_MEMORY
      answers.inc(found.covered.runs)
      const ms = monotonicNow() - began
      for (let i = 0; i < found.covered.runs; i++) metrics.tiers.MEMORY.latencyMs.record(ms)
    }
    const answer = { status: 200, headers: found.headers, body: found.body, encoded: found.encoded }
    return request.method === 'GET' ? tagged(answer, found.etag, request.headers['if-none-match']) : answer
  }

  return async (asked) => {
    const { request, record } = asked
    const viewer = authenticate.known(request.headers)
    // Who is known has sent a header that another site's page cannot make a browser send unasked: see cross-site.ts.
    if (viewer !== undefined) {
      const key = keyOf(asked, viewer)
      const began = monotonicNow()
      const finding = kept.find(key)
      const found = finding === undefined ? undefined : await finding
      if (found !== undefined) {
        const charging = limiting.byUser(record, viewer.userId, found.points)
        const refused = charging instanceof Promise ? await charging : charging
        return refused ?? answerWith(asked, found, began)
      }
    }
    const answer = await next(asked)
    return record.covered === undefined || answer.status !== 200 ? answer : onItsWayBack(asked, record.covered, answer)
  }

  function onItsWayBack(asked: Asked, { covered, viewer, points }: { covered: Covered; viewer: Asker; points: number }, answer: Answer): Answer {
    const { request, record } = asked
    const key = keyOf(asked, viewer)
    if (covered.isFromMemory) kept.keep(key, { covered, points, headers: answer.headers, body: answer.body, operation: record.operation })
    return request.method === 'GET' ? tagged(answer, etagOf(key, covered), request.headers['if-none-match']) : answer
  }
}

/** All of a request that its answer may depend on. Line breaks stand in none of the parts but the last. */
function keyOf({ request, mediaType, url, body }: Asked, { userId, isAdmin }: Asker): string {
  const locale = localeOf(request.headers['accept-language'])
  return `${userId} ${isAdmin} ${locale} ${mediaType} ${request.method} ${url}\n${body.toString('latin1')}`
}

/** What its client has already is not sent again. */
function tagged(answer: Answer, etag: string, ifNoneMatch: string | undefined): Answer {
  const headers: Record<string, string> = { ...answer.headers, etag }
  if (ifNoneMatch === undefined || !(ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((one) => isSame(one.trim(), etag)))) return { ...answer, headers }
  const { 'content-type': _type, ...rest } = headers
  return { status: 304, headers: rest, body: '' }
}

/** By RFC 9110's weak comparison. */
const isSame = (one: string, other: string): boolean => one.replace(/^W\//, '') === other.replace(/^W\//, '')
