import { setFlagsFromString } from 'node:v8'

/** Beyond what was still in use at the end of the last collection. */
const GROWTH_PERCENT = 70

/**
 * Two things that V8 decides otherwise by itself (docs/decisions/024 and 025 have the figures):
 *
 * How far the heap may grow before garbage is collected: to four times what is in use, where the machine has memory to
 * spare. What this process holds is bounded (caches by their bytes, the catalogue), and so its memory shall be. It is no
 * limit: what is in use may still be as much as it has to.
 *
 * Where an object is made: among the old ones at once, when most that the same place in the code made before have lived
 * long. While caches fill, nearly everything does; then the same code serves hits, whose objects live for a millisecond.
 * Made among the old, each of them keeps all that it points to, the whole request, until the next full collection.
 */
export function setHeapPolicy(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  setFlagsFromString('--no-allocation-site-pretenuring')
}
