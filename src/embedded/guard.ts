import { spawn } from 'node:child_process'
import { Socket } from 'node:net'

/*
  A parent that is SIGKILLed can stop nothing any more. So beside each server runs a shell that does nothing but read
  from a pipe whose other end only the parent holds. The parent dies, however it dies, the system closes the pipe, and
  the shell stops the server.

  The shell is there before the server is, so the time in which a dying parent leaves an orphan is the moment between
  two system calls; what dies in that moment is found by its pid file at the next start (see `stopOrphan`).
  It runs in a session of its own: a Ctrl-C in the terminal must reach neither it nor the server, but only the parent,
  which finishes its requests first.
*/
const SCRIPT = `
trap '' HUP INT TERM
read -r pid || exit 0
read -r stopped && exit 0
kill -s "$1" "$pid"
`

export type Guard = {
  /** From here on the server with this pid is stopped when this process ends. */
  watch(pid: number): void
  /** The server has ended; its pid may soon be another's. */
  release(): void
}

/** `signal` as kill(1) names it, without SIG. */
export const createGuard = (signal: string): Guard => {
  const shell = spawn('sh', ['-c', SCRIPT, 'petfood-guard', signal], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // No shell (Windows): the servers then end with stop() only.
  shell.on('error', () => {})
  shell.stdin.on('error', () => {})
  shell.unref()
  if (shell.stdin instanceof Socket) shell.stdin.unref()
  return {
    watch: (pid) => void shell.stdin.write(`${pid}\n`),
    release: () => void shell.stdin.end('stopped\n'),
  }
}
