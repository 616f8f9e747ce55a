/** What postgres.js 3.4.9 asks each new connection, to learn the types of arrays. */
export const TYPE_QUESTION = 'from pg_catalog.pg_type a'

/**
 * postgres.js waits for that answer in a promise of which nobody else hears. Where the connection is lost meanwhile, as
 * in a failover, it is rejected and the process would die of it, though the driver connects anew and asks again. Whatever
 * else is rejected unheard still ends the process.
 */
export function outliveLostTypeQuestions(onLost: (error: unknown) => void): void {
  process.on('unhandledRejection', (error) => {
    if (!isOfTypeQuestion(error)) throw error
    onLost(error)
  })
}

function isOfTypeQuestion(error: unknown): boolean {
  return error instanceof Error && 'query' in error && String(error.query).includes(TYPE_QUESTION)
}
