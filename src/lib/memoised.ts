import { LRUCache } from 'lru-cache'

/** `of`, each text's result kept for next time, `max` texts at most: for what the same few headers are parsed into again and again. */
export function memoised<T>(max: number, of: (text: string) => T): (text: string) => T {
  const kept = new LRUCache<string, { result: T }>({ max })
  // Most often it is the last one again.
  let last: { text: string; result: T } | undefined
  return (text) => {
    if (last?.text === text) return last.result
    const known = kept.get(text)
    last = { text, result: known === undefined ? of(text) : known.result }
    if (known === undefined) kept.set(text, last)
    return last.result
  }
}
