import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { GUARDS, type Guard } from './guards.ts'
import { patchedCopy } from './patched-copy.ts'

/*
  Takes out one guard after the other, in a copy, and runs the tests that it holds up: each must fail.
  `npm run guards` does all, `npm run guards -- --only lease` those whose name or tests hold that word.
*/

type Verdict = { guard: Guard; test: string; isRed: boolean; output: string }

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })

async function tryWithout(guard: Guard): Promise<Verdict[]> {
  const copy = await patchedCopy(guard.patches)
  try {
    const verdicts: Verdict[] = []
    for (const test of guard.tests) {
      const { failed, output } = await runTest(copy.folder, guard.file, test)
      verdicts.push({ guard, test, isRed: failed, output })
    }
    return verdicts
  } finally {
    await copy.remove()
  }
}

/** Failed only where the test itself did: a copy that does not even load proves nothing. */
function runTest(cwd: string, file: string, name: string): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    const config = file.startsWith('test/servers/') ? ['--config', 'test/servers/vitest.config.ts'] : []
    const child = spawn('node_modules/.bin/vitest', ['run', ...config, file, '-t', pattern], { cwd, env: { ...process.env, NO_COLOR: '1', PATH: `${cwd}/node_modules/.bin:${process.env['PATH']}` } })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('close', () => resolve({ failed: /Tests .*\d+ failed/.test(output), output }))
  })
}

const chosen = GUARDS.filter(({ name, tests }) => `${name} ${tests.join(' ')}`.includes(values.only))
let green = 0
for (const guard of chosen) {
  for (const { test, isRed, output } of await tryWithout(guard)) {
    if (!isRed) green++
    process.stdout.write(`${isRed ? 'red  ' : 'GREEN'}  ${guard.name}: ${test}\n${isRed ? '' : `${output}\n`}`)
  }
}
process.stdout.write(`${chosen.length} guards taken out; tests that did not notice: ${green}\n`)
process.exit(green === 0 ? 0 : 1)
