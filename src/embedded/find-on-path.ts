import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

/** All programs of that name in the folders of PATH, in its order. */
export const findOnPath = async (program: string, path = process.env['PATH'] ?? ''): Promise<string[]> => {
  const found: string[] = []
  for (const folder of path.split(delimiter)) {
    const file = join(folder, program)
    if (folder !== '' && (await isExecutable(file))) found.push(file)
  }
  return found
}
