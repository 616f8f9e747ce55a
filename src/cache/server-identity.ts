/** What INFO says of which server this is. `incarnation`: another one after a restart, and after a full synchronisation. */
export type ServerIdentity = { incarnation: string; isMaster: boolean }

/** As scripts/beat.lua writes it and heartbeat.ts reads it. */
const ID = String.raw`[\da-f]{1,64}`
const FIELDS = { run_id: ID, master_replid: ID, role: 'master|slave' } as const

/**
 * Trust compares what a server says of itself with what its heartbeat says. A server (or a proxy in front of it) that
 * leaves a field out could never have a heartbeat that fits: its data would be of unknown age at every check.
 */
export function identityIn(info: string): ServerIdentity | { missing: keyof typeof FIELDS } {
  const found = (name: keyof typeof FIELDS) => new RegExp(`^${name}:(${FIELDS[name]})\\r?$`, 'm').exec(info)?.[1]
  const [runId, replicationId, role] = [found('run_id'), found('master_replid'), found('role')]
  if (runId === undefined) return { missing: 'run_id' }
  if (replicationId === undefined) return { missing: 'master_replid' }
  if (role === undefined) return { missing: 'role' }
  return { incarnation: `${runId}.${replicationId}`, isMaster: role === 'master' }
}
