import type { Metrics } from '../lib/metrics.ts'
import type { Asker } from '../recommend/ladder.ts'
import type { Answer } from './answer.ts'
import type { Authenticate } from './authenticate.ts'
import type { CompleteAnswer } from './complete-answers.ts'
import { etagOf, tagged } from './entity-tags.ts'
import type { Ask, Asked } from './graphql-endpoint.ts'
import type { Kept, KeptAnswers } from './kept-answers.ts'
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
    return found.etag === undefined ? answer : tagged(answer, found.etag, request.headers['if-none-match'])
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
    return record.complete === undefined || answer.status !== 200 ? answer : onItsWayBack(asked, record.complete, answer)
  }

  function onItsWayBack(asked: Asked, { covered, viewer, points, tierNames }: CompleteAnswer, answer: Answer): Answer {
    const { request, record } = asked
    const isTagged = request.method === 'GET'
    const isKept = covered?.isFromMemory === true
    if (!isTagged && !isKept) return answer
    const key = keyOf(asked, viewer)
    const etag = isTagged ? etagOf(key, answer.body, tierNames) : undefined
    if (isKept) kept.keep(key, { covered, points, headers: answer.headers, body: answer.body, etag, operation: record.operation })
    return etag === undefined ? answer : tagged(answer, etag, request.headers['if-none-match'])
  }
}

/** All of a request that its answer may depend on. Line breaks stand in none of the parts but the last. */
function keyOf({ request, mediaType, url, body }: Asked, { userId, isAdmin }: Asker): string {
  const locale = localeOf(request.headers['accept-language'])
  return `${userId} ${isAdmin} ${locale} ${mediaType} ${request.method} ${url}\n${body.toString('latin1')}`
}
