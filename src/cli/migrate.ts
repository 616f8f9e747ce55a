import { parseConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { commandVariables } from './command-variables.ts'
import { environment } from './environment.ts'
import { openDatabase } from './open-database.ts'
import { runCommand } from './run-command.ts'

/** Brings the database up to date; run again, it does nothing. */
await runCommand(async () => {
  const config = parseConfig(commandVariables(environment()))
  if (config.databaseUrl !== undefined) {
    await migrate(config.databaseUrl)
    process.stdout.write(`The database at ${new URL(config.databaseUrl).host} is up to date\n`)
    return 0
  }
  // Opening a database of our own migrates it.
  const database = await openDatabase(config)
  await database.close()
  process.stdout.write(`${database.where} is up to date\n`)
  return 0
})
