import { readFile } from 'node:fs/promises'

/** Linux counts processor time in these. */
const TICKS_PER_SECOND = 100

/** What a process has used so far, of user and system time. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
