import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runsIn } from './process-identity.ts'
import { postgresUrl } from './postgres-cluster.ts'
import { redisUrl } from './redis.ts'
import { placeFor } from './run-as.ts'

export type RunningServers = { postgresUrl: string | undefined; redisUrl: string | undefined }

const linesOf = async (file: string): Promise<string[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n')

/**
 * The servers that another process, a running gateway, has started on that data folder: a command that is run beside it
 * uses them instead of being refused.
 */
export const findRunningServers = async (dataDir: string): Promise<RunningServers> => {
  const { folder } = await placeFor(dataDir)
  return { postgresUrl: await runningPostgres(join(folder, 'postgres')), redisUrl: await runningRedis(join(folder, 'redis')) }
}

const runningPostgres = async (home: string): Promise<string | undefined> => {
  const data = join(home, 'data')
  // postmaster.pid: pid, data folder, start, port, socket folder, address, shared memory, state.
  const [pid, , , port, , , , state] = await linesOf(join(data, 'postmaster.pid'))
  if (state?.trim() !== 'ready' || !(await runsIn(Number(pid), data))) return undefined
  return postgresUrl(await readFile(join(home, 'password'), 'utf8'), Number(port))
}

const runningRedis = async (home: string): Promise<string | undefined> => {
  const [pid] = await linesOf(join(home, 'redis.pid'))
  if (pid === undefined || pid === '' || !(await runsIn(Number(pid), home))) return undefined
  const config = await linesOf(join(home, 'redis.conf'))
  const valueOf = (name: string) => config.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
  return redisUrl(valueOf('requirepass') ?? '', Number(valueOf('port')))
}
