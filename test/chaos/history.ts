/**
 * What happened, as seen from outside and told afterwards. All times are milliseconds since 1970 on the one clock of this
 * machine, which Postgres stamps its commits with as well.
 */
export type History = {
  writes: Write[]
  commits: Commit[]
  reads: Read[]
  faults: Fault[]
  computations: Computed[]
  failures: Failure[]
  promotions: Promotion[]
  marks: Mark[]
  /** Of the gateway whose database is the copy, and of nobody else. */
  readsOfCopy: Read[]
  holders: Holder[]
  deviceReads: DeviceRead[]
  clockSteps: ClockStep[]
  troubles: Trouble[]
}

export const emptyHistory = (): History => ({
  writes: [], commits: [], reads: [], faults: [], computations: [], failures: [], promotions: [], marks: [], readsOfCopy: [],
  holders: [], deviceReads: [], clockSteps: [], troubles: [],
})

/**
 * A change of weight, over the API or, `COMMITTED`, in psql. `unknown`: no answer came, it may or may not have been
 * committed.
 */
export type Write = {
  petId: string
  weightKg: number
  process: string
  start: number
  end: number
  outcome: 'CLEARED' | 'QUEUED' | 'COMMITTED' | 'unknown'
}

/** A change of weight as Postgres committed it; null: the pet was deleted. */
export type Commit = { petId: string; weightKg: number | null; version: number; at: number }

/**
 * One client's read; a client stays with one process. `weightKg` null: the answer was that there is no such pet.
 * `holds`: the marked product was among the items. `isUnverified`: the answer said so of itself.
 */
export type Read = {
  client: string
  process: string
  petId: string
  start: number
  end: number
  weightKg: number | null
  holds: boolean
  source: string
  isUnverified: boolean
}

/** `losesData`: Redis then lacks something it had acknowledged, or two servers disagree about it. */
export type Fault = {
  kind: string
  start: number
  end: number
  losesData: boolean
  touches: 'redis' | 'postgres' | 'gateway' | 'nothing'
}

/**
 * A standby became the primary. What was committed from `lagFrom` to `start` may be lost, nothing else; from `end` on
 * every route leads to the new one.
 */
export type Promotion = { lagFrom: number; start: number; end: number }

/** From this commit on every answer holds the marked product, or none does. */
export type Mark = { must: 'hold' | 'lack'; at: number }

/** From this commit on the device is this user's. */
export type Holder = { device: string; userId: string; at: number }

/** A read by a device of a pet of `ownerId`. */
export type DeviceRead = {
  device: string
  process: string
  petId: string
  ownerId: string
  start: number
  end: number
  isAnswered: boolean
}

/** From `start` to `end` the stores' clocks were ahead of the machine's by so much, behind it where that is negative. */
export type ClockStep = { byMs: number; start: number; end: number }

/**
 * From `start` to `end` a gateway had no lease to be sure of: Redis kept it waiting, which a busy machine can do too, or
 * its circuit was open.
 */
export type Trouble = { start: number; end: number }

/** A line of a gateway's log. */
export type Computed = { process: string; key: string; outcome: string; at: number }

/** A request that was not answered with data. */
export type Failure = { process: string; kind: 'read' | 'write' | 'other'; code: string; at: number }
