/** `strength` 0 to 1: the share of the query's weight, rare words weighing more, that the document holds. */
export type Hit<T> = { item: T; score: number; strength: number }

export type TextIndex<T> = {
  /** Documents that hold at least this share of the query, the best first; equal ones in the order in which they were given. */
  search(query: string, leastStrength: number): Hit<T>[]
}

/** Saturation of repeated words and the say of a text's length: Robertson and Zaragoza, 2009, section 3. */
const K1 = 1.2
const B = 0.75

type Posting = { at: number; score: number }

/**
 * BM25 over a fixed set of texts, made once. Its scores only rank: how high they are depends on the corpus and on the
 * query's length. So each hit also has a `strength` that can be compared from query to query.
 */
export function createTextIndex<T>(items: readonly T[], textOf: (item: T) => string): TextIndex<T> {
  const documents = items.map((item) => wordsIn(textOf(item)))
  const averageLength = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, items.length)
  const holders = countOf(documents.flatMap((words) => [...new Set(words)]))
  const weightOf = (word: string): number => {
    const holding = holders.get(word) ?? 0
    return Math.log(1 + (items.length - holding + 0.5) / (holding + 0.5))
  }
  const postings = new Map<string, Posting[]>()
  for (const [at, words] of documents.entries()) {
    for (const [word, count] of countOf(words)) {
      const score = (weightOf(word) * count * (K1 + 1)) / (count + K1 * (1 - B + (B * words.length) / averageLength))
      postings.set(word, [...(postings.get(word) ?? []), { at, score }])
    }
  }

  return {
    search: (query, leastStrength) => {
      const scores = new Float64Array(items.length)
      const held = new Float64Array(items.length)
      let whole = 0
      for (const word of new Set(wordsIn(query))) {
        const weight = weightOf(word)
        whole += weight
        for (const { at, score } of postings.get(word) ?? []) {
          scores[at] = (scores[at] ?? 0) + score
          held[at] = (held[at] ?? 0) + weight
        }
      }
      const hits: Hit<T>[] = []
      for (const [at, item] of items.entries()) {
        const strength = (held[at] ?? 0) / whole
        if (strength > 0 && strength >= leastStrength) hits.push({ item, score: scores[at] ?? 0, strength })
      }
      return hits.sort((a, b) => b.score - a.score)
    },
  }
}

// One and many are the same word; nothing else is taken off.
const wordsIn = (text: string): string[] => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))

function countOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
