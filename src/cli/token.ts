import { parseArgs } from 'node:util'
import { parseConfig } from '../config.ts'
import { DEMO_ADMIN_ID, DEMO_USER_ID } from '../demo/users.ts'
import { signToken } from '../http/tokens.ts'
import { environment } from './environment.ts'
import { runCommand, type ExitCode } from './run-command.ts'
import { tokenConfigOf } from './secret.ts'

const USAGE = `Usage: npm run --silent token -- [--admin] [--user <uuid>]

Prints a bearer token for the configured secret, valid for 30 days. Without --user: for the demo's admin with --admin, else
for the demo user.
`
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function fail(message: string): ExitCode {
  process.stderr.write(message)
  return 2
}

await runCommand(async () => {
  let flags: { admin?: boolean; user?: string }
  try {
    flags = parseArgs({ options: { admin: { type: 'boolean' }, user: { type: 'string' } } }).values
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
  const { admin = false, user = admin ? DEMO_ADMIN_ID : DEMO_USER_ID } = flags
  if (!UUID.test(user)) return fail(`--user: expected a UUID, found ${JSON.stringify(user)}\n\n${USAGE}`)
  const config = await tokenConfigOf(parseConfig(environment()))
  if (config.keys.kind !== 'secret') return fail('AUTH_JWKS_URL is set: tokens are signed by whoever holds its private keys, not here.\n')
  process.stdout.write(`${await signToken(config.keys.secret, config, user.toLowerCase(), admin)}\n`)
  return 0
})
