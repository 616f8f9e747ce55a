import { RequestCache } from '@pothos/plugin-scope-auth'
import type { GatewayContext } from './context.ts'

/**
 * When an operation is over. Pothos holds what it found out about a context in a WeakMap, and that refers to the context.
 * The collections of young objects take what a WeakMap holds for in use: without this every run that an operation read
 * would stay until the next full collection.
 */
export function releaseContext(context: GatewayContext): void {
  RequestCache.clearForContext(context)
}
