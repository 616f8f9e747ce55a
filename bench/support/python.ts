import { spawnSync } from 'node:child_process'
import { findOnPath } from '../../src/embedded/find-on-path.ts'

/** `command`: its path. `versions`: of it and of what a peer of ours imports. */
export type Python = { command: string; versions: string }

/** Under the names by which they are installed. */
const PACKAGES = ['fastapi', 'uvicorn', 'redis', 'pydantic']
const LOOK = `
import json, platform
from importlib.metadata import version
print(json.dumps({'Python': platform.python_version(), **{name: version(name) for name in ${JSON.stringify(PACKAGES)}}}))
`

/** The first on the PATH that has them all; undefined where none has. Nothing installs them. */
export const python: Python | undefined = (await findOnPath('python3')).flatMap((command) => {
  const { status, stdout } = spawnSync(command, ['-c', LOOK], { encoding: 'utf8' })
  if (status !== 0) return []
  const versions = Object.entries(JSON.parse(stdout) as Record<string, string>).map(([name, version]) => `${name} ${version}`)
  return [{ command, versions: versions.join(', ') }]
})[0]
