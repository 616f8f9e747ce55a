import type { Asker } from '../recommend/ladder.ts'
import type { GatewayContext } from './context.ts'
import { unauthenticated } from './errors.ts'

/** Whoever is signed in. The roots' scopes have made sure of it; this tells the compiler. Throws UNAUTHENTICATED. */
export function viewerOf({ viewer }: GatewayContext): Asker {
  if (viewer === undefined) throw unauthenticated()
  return viewer
}
