import { parseConfig } from '../config.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { commandVariables } from './command-variables.ts'
import { environment } from './environment.ts'
import { openDatabase } from './open-database.ts'
import { runCommand } from './run-command.ts'

/** Puts the demo into the database once; run again, it says that there was nothing to do. */
await runCommand(async () => {
  const database = await openDatabase(parseConfig(commandVariables(environment())))
  try {
    const { users, pets, products } = await seedDemo(database.db, new Date().toISOString().slice(0, 10))
    const isDone = users + pets + products === 0
    process.stdout.write(isDone ? `The demo is already in ${database.where}\n` : `Seeded ${database.where}: ${users} users, ${pets} pets, ${products} products\n`)
    return 0
  } finally {
    await database.close()
  }
})
