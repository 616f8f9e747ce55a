/**
 * What happened, as seen from outside and told afterwards. All times are milliseconds since 1970 on the one clock of this
 * machine, which Postgres stamps its commits with as well.
 */
export type History = { writes: Write[]; commits: Commit[]; reads: Read[]; faults: Fault[]; computations: Computed[]; failures: Failure[] }

/** A change of weight over the API. `unknown`: no answer came, it may or may not have been committed. */
export type Write = { petId: string; weightKg: number; process: string; start: number; end: number; outcome: 'CLEARED' | 'QUEUED' | 'unknown' }

/** A change of weight as Postgres committed it. */
export type Commit = { petId: string; weightKg: number; version: number; at: number }

/** One client's read; a client stays with one process. `isUnverified`: the answer said so of itself. */
export type Read = { client: string; process: string; petId: string; start: number; end: number; weightKg: number; source: string; isUnverified: boolean }

/** `losesData`: Redis then lacks something it had acknowledged, or two servers disagree about it. */
export type Fault = { kind: string; start: number; end: number; losesData: boolean; touches: 'redis' | 'postgres' | 'gateway' }

/** A line of a gateway's log. */
export type Computed = { process: string; key: string; outcome: string; at: number }

/** A request that was not answered with data. */
export type Failure = { process: string; kind: 'read' | 'write' | 'other'; code: string; at: number }
