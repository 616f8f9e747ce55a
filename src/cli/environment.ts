import { existsSync } from 'node:fs'

/** The environment, with what a `.env` in the working folder adds to it; what is set already wins over the file. */
export function environment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return process.env
}
