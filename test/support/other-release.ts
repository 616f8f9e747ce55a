import { join } from 'node:path'
import { createGateway } from '../chaos/gateways.ts'
import { patchedCopy, type Patch } from '../guards/patched-copy.ts'
import { TEST_SECRET } from './gateway.ts'

/** A gateway of another release in a process of its own, on the same servers: the source with patches applied. */
export async function startOtherRelease(patches: readonly Patch[], { databaseUrl, redisUrl, env = {} }: {
  databaseUrl: string
  redisUrl: string
  env?: Record<string, string>
}): Promise<{ url: string; close(): Promise<void> }> {
  const copy = await patchedCopy(patches)
  const gateway = createGateway({
    name: 'another release',
    folder: copy.folder,
    env: {
      DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DATA_DIR: join(copy.folder, '.data'), AUTH_JWT_SECRET: TEST_SECRET,
      RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '0', MUTATIONS_PER_MINUTE: '0', LOG_LEVEL: 'silent', ...env,
    },
    onComputed: () => {},
    onTrouble: () => {},
    onCrash: () => {},
  })
  await gateway.start()
  return {
    url: gateway.url ?? '',
    close: async () => {
      await gateway.stop()
      await copy.remove()
    },
  }
}
