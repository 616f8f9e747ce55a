import { ConfigError } from '../config.ts'

/** How a command ends. 1: it failed. 2: it was called wrongly, and nothing was done. */
export type ExitCode = 0 | 1 | 2

/** Runs a command to its end; what it throws is told as a line, not as a stack. */
export async function runCommand(command: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await command()
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`)
    process.exitCode = error instanceof ConfigError ? 2 : 1
  }
}

/** The message and those of its causes. Drivers wrap several attempts into one error without words. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  const words = error.message === '' && inner === undefined ? error.name : error.message
  // A failed query's own message repeats the whole statement with its values.
  const own = words.startsWith('Failed query') ? '' : words
  return [own, inner === undefined ? '' : describeError(inner)].filter((part) => part !== '').join(': ')
}
