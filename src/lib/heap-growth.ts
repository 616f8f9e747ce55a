import { setFlagsFromString } from 'node:v8'

/** Beyond what was still in use at the end of the last collection. */
const GROWTH_PERCENT = 70

/**
 * How far the heap may grow before garbage is collected. By itself V8 lets it grow to four times what is in use where the
 * machine has memory to spare; what this process holds is bounded (caches by their bytes, the catalogue), and so its memory
 * shall be: docs/decisions/024 has the figures. It is no limit: what is in use may still be as much as it has to.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
