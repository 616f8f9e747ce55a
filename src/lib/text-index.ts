/** `strength` 0 to 1: the share of the query's weight, rare words weighing more, that the document holds. */
export type Hit<T> = { item: T; score: number; strength: number }

export type TextIndex<T> = {
  /** Documents that share a word with the query, the best first; equal ones in the order in which they were given. */
  search(query: string): Hit<T>[]
}

/** Saturation of repeated words and the say of a text's length: Robertson and Zaragoza, 2009, section 3. */
const K1 = 1.2
const B = 0.75

/**
 * BM25 over a fixed set of texts, made once. Its scores only rank: how high they are depends on the corpus and on the
 * query's length. So each hit also has a `strength` that can be compared from query to query.
 */
export function createTextIndex<T>(items: readonly T[], textOf: (item: T) => string): TextIndex<T> {
  const documents = items.map((item) => {
    const words = wordsIn(textOf(item))
    return { item, length: words.length, counts: countOf(words) }
  })
  const averageLength = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length)
  const holders = countOf(documents.flatMap(({ counts }) => [...counts.keys()]))
  const weightOf = (word: string): number => {
    const holding = holders.get(word) ?? 0
    return Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5))
  }

  return {
    search: (query) => {
      const asked = [...new Set(wordsIn(query))].map((word) => ({ word, weight: weightOf(word) }))
      const whole = asked.reduce((sum, { weight }) => sum + weight, 0)
      return documents
        .map(({ item, length, counts }): Hit<T> => {
          let score = 0
          let held = 0
          for (const { word, weight } of asked) {
            const count = counts.get(word) ?? 0
            if (count === 0) continue
            held += weight
            score += (weight * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / averageLength))
          }
          return { item, score, strength: whole === 0 ? 0 : held / whole }
        })
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
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
