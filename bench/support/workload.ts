import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One request as a client sends it. */
export type Prepared = { token: string; body: string }

/** Prepared requests and the order in which they are sent, over and over. */
export type Workload = { name: string; requestsFile: string; orderFile: string; orderLength: number }

const ORDER_LENGTH = 50_000

/** Puts a workload where the load generator reads it: `token<TAB>body` a line, and numbers of lines from 1. `pick` draws one of them, from 0. */
export async function prepareWorkload(folder: string, name: string, requests: readonly Prepared[], pick: () => number): Promise<Workload> {
  const requestsFile = join(folder, `${name}.requests`)
  const orderFile = join(folder, `${name}.order`)
  await writeFile(requestsFile, requests.map(({ token, body }) => `${token}\t${body}\n`).join(''))
  await writeFile(orderFile, Array.from({ length: ORDER_LENGTH }, () => `${pick() + 1}\n`).join(''))
  return { name, requestsFile, orderFile, orderLength: ORDER_LENGTH }
}

/** Each as often as the others. */
export const uniform = (count: number) => () => Math.floor(Math.random() * count)

/** The k-th as often as 1/k: a few are asked for all the time. */
export function zipf(count: number): () => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let k = 0; k < count; k++) sums[k] = sum += 1 / (k + 1)
  return () => {
    const drawn = Math.random() * sum
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < drawn) low = middle + 1
      else high = middle
    }
    return low
  }
}
