function variable(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} must be set: contestants are started by the bench`)
  return value
}

/** Where the documents are, and where a contestant's own cache may be. */
export const redisUrl = variable('BENCH_REDIS_URL')
/** Followed by a pet's id: the whole answer to its one query, bytes as they are sent. */
export const answerPrefix = variable('BENCH_ANSWER_PREFIX')
/** Followed by a pet's id: what `recommendations` of that pet is, as JSON. */
export const documentPrefix = variable('BENCH_DOCUMENT_PREFIX')
