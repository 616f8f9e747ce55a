import type { z } from 'zod'
import { badInput } from './errors.ts'

/** One page of a list, as GraphQL clients page: by the cursor of the last edge they have seen. */
export type Connection<T> = { edges: Edge<T>[]; pageInfo: PageInfoValue }
export type Edge<T> = { cursor: string; node: T }
export type PageInfoValue = { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }

/** Items a page may have at most. */
export const LARGEST_PAGE = 100
/** Characters. */
const LONGEST_CURSOR = 1_000

/** Throws BAD_USER_INPUT. A null that was sent stands for the default, as if it had been left out. */
export function parseFirst(first: number | null | undefined, byDefault: number): number {
  if (first === null || first === undefined) return byDefault
  if (first < 1 || first > LARGEST_PAGE) throw badInput([{ path: 'first', message: `Expected 1 to ${LARGEST_PAGE}.` }])
  return first
}

/** A cursor names the sort key of its edge, not a position: what is inserted or deleted meanwhile moves no page. */
export const encodeCursor = (sortKey: readonly (string | number)[]): string => Buffer.from(JSON.stringify(sortKey)).toString('base64url')

/** The sort key that `encodeCursor` was given. Throws BAD_USER_INPUT for anything that it cannot have written. */
export function parseCursor<T extends z.ZodType>(sortKey: T, after: string | null | undefined): z.output<T> | undefined {
  if (after === null || after === undefined) return undefined
  if (after.length > LONGEST_CURSOR) throw badInput([{ path: 'after', message: `Expected ${LONGEST_CURSOR} characters or less.` }])
  try {
    return sortKey.parse(JSON.parse(Buffer.from(after, 'base64url').toString()))
  } catch {
    throw badInput([{ path: 'after', message: 'Expected the cursor of an edge of this list.' }])
  }
}

/** `fetched` holds one item more than `first` where there is a next page. */
export function connectionOf<T>(fetched: readonly T[], first: number, isAfterSomething: boolean, cursorOf: (item: T) => string): Connection<T> {
  const edges = fetched.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: fetched.length > first,
      hasPreviousPage: isAfterSomething,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
