/** The tiers that answer, in the order in which they are asked. */
export const SOURCES = ['MEMORY', 'REDIS', 'POSTGRES', 'COMPUTED'] as const
export type Source = (typeof SOURCES)[number]
