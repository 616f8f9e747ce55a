/**
 * When a run's seven days end, on the monotonic clock of this process. Postgres alone says how much of them is left, by its
 * own clock at the time of its statement. That was after `askedAt`, when the statement was sent, so counted from there the end
 * comes too early by the time of a round trip, and never too late. From then on only the monotonic clock counts: neither a
 * clock that is off, nor what else the same operation waits for, gives a run time back.
 */
export const endOf = ({ askedAt, lifeLeftMs }: { askedAt: number; lifeLeftMs: number }): number => askedAt + lifeLeftMs
