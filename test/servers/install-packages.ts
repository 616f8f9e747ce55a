import { installPackage, mayInstall } from '../support/debian-package.ts'
import { findFaketime } from '../support/settable-clock.ts'

/*
  Makes sure that the second suite has what it needs beyond the first: libfaketime, to set the clocks of servers. As root
  on Debian and its kin the package is installed; elsewhere it says what is missing and ends with 1.
*/

async function provideFaketime(): Promise<string | undefined> {
  if ((await findFaketime()) !== undefined) return undefined
  if (!mayInstall()) return 'The second suite needs libfaketime. Install it (Debian: the package faketime), or run this as root on Debian.'
  process.stdout.write('No libfaketime: installing the package faketime.\n')
  installPackage('faketime')
  return (await findFaketime()) === undefined ? 'The package faketime was installed, but brought no libfaketime.' : undefined
}

const missing = await provideFaketime().catch((error: unknown) => `faketime could not be installed: ${String(error)}`)
if (missing !== undefined) {
  process.stderr.write(`${missing}\n`)
  process.exitCode = 1
}
