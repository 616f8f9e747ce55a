/*
  A gateway's start and nothing else, as a process of its own that tests may kill:
  node stand-in.ts DATA_DIR [servers]
  Prints one line of JSON, the start's outcome, and stays until it is killed or its standard input ends.
*/
import { lockDataDir } from '../../src/embedded/data-dir.ts'
import { startEmbeddedServers } from '../../src/embedded/embedded-servers.ts'

const [dataDir = '', what] = process.argv.slice(2)

const start = async () => {
  if (what !== 'servers') return { ...(await lockDataDir(dataDir)), pids: [] }
  const { postgres, redis } = await startEmbeddedServers({ dataDir, postgres: true, redis: true })
  return { pids: [postgres, redis].flatMap((server) => (server.kind === 'started' ? [server.pid] : [])) }
}

const outcome = await start().then(
  ({ pids }) => ({ pids }),
  (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
)
console.log(JSON.stringify(outcome))
if ('error' in outcome) process.exit(1)
process.stdin.resume().on('end', () => process.exit())
