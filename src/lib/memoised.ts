import { LRUCache } from 'lru-cache'

/** `of`, each text's result kept for next time, `max` texts at most: for what the same few headers are parsed into again and again. */
export function memoised<T>(max: number, of: (text: string) => T): (text: string) => T {
  const kept = new LRUCache<string, { result: T }>({ max })
  return (text) => {
    const known = kept.get(text)
    if (known !== undefined) return known.result
    const result = of(text)
    kept.set(text, { result })
    return result
  }
}
