import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { z } from 'zod'
import { ALLERGENS } from '../../src/domain/codes.ts'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { waitUntil } from '../support/wait-until.ts'
import {
  addAllergy, boundPasses, clear, clearAll, elsewhere, forceRefresh, inTurn, readAgain, readOnce, removeAllergy, thenReadElsewhere,
  truncateAllergies, updateAtSnapshot, updateBehindOurBack, updateWeight, type Command,
} from './commands.ts'
import {
  failedOver, healAll, healed, listenCut, postgresRestarted, redisFlushed, redisKilled, redisPaused, redisResumed, redisStarted,
  replicaLags, snapshotTaken, splitBrain,
} from './faults.ts'
import { read } from './readings.ts'
import { setModelStage, type Stage } from './stage.ts'
import { createModel, PETS, type GatewayName, type Model, type PetName } from './versions.ts'

const RUNS = Number(process.env['MODEL_RUNS'] ?? 12)
/** They are slower: Postgres starts in about a second. */
const RUNS_WITH_POSTGRES = Math.ceil(RUNS / 3)
const MAX_COMMANDS = 25
/** Milliseconds, for one sequence: many times what it takes. */
const RUN_TIMEOUT_MS = 60_000
/** Milliseconds within which the cache is in use again when everything is well. */
const BACK_IN_USE_MS = 15_000

const Name = z.enum(PETS)
const Stored = z.object({ weightKg: z.number(), allergies: z.array(z.enum(ALLERGENS)) })
const GATEWAYS: readonly GatewayName[] = ['a', 'b']

let stage: Stage
beforeAll(async () => {
  stage = await setModelStage()
  await settle(await startModel())
})
afterAll(() => stage.close())

// Half of everything is about one pet: sequences meet themselves.
const pet: fc.Arbitrary<PetName> = fc.oneof(fc.constant('Bori'), fc.constantFrom(...PETS))
const readPet = fc.oneof({ weight: 2, arbitrary: pet }, { weight: 1, arbitrary: fc.constant('all') })
const gateway = fc.constantFrom(...GATEWAYS)
const allergen = fc.constantFrom('CHICKEN' as const, 'BEEF' as const, 'DAIRY' as const)

const READS: fc.Arbitrary<Command>[] = [
  fc.tuple(readPet, gateway).map(([pet, gateway]) => readOnce(pet, gateway)),
  fc.tuple(readPet, gateway).map(([pet, gateway]) => readAgain(pet, gateway)),
]
const byOne = (make: (pet: PetName, gateway: GatewayName) => Command): fc.Arbitrary<Command> =>
  fc.tuple(pet, gateway, fc.boolean()).map(([pet, gateway, elsewhere]) => {
    const change = make(pet, gateway)
    return elsewhere ? thenReadElsewhere(change, pet, gateway) : change
  })
const CHANGES: fc.Arbitrary<Command>[] = [
  byOne((pet, gateway) => updateWeight(pet, gateway, false)),
  byOne((pet, gateway) => updateWeight(pet, gateway, true)),
  allergen.chain((allergen) => byOne((pet, gateway) => addAllergy(pet, gateway, allergen))),
  allergen.chain((allergen) => byOne((pet, gateway) => removeAllergy(pet, gateway, allergen))),
  byOne(clear),
  byOne(forceRefresh),
  gateway.map((gateway) => thenReadElsewhere(clearAll(gateway), 'all', gateway)),
  pet.map((pet) => updateBehindOurBack(pet)),
  fc.tuple(pet, fc.constantFrom('repeatable read' as const, 'serializable' as const)).map(([pet, level]) => updateAtSnapshot(pet, level)),
  fc.constant(null).map(truncateAllergies),
  fc.constant(null).map(boundPasses),
]
const FAULTS: fc.Arbitrary<Command>[] = [
  redisKilled, () => redisStarted('empty'), () => redisStarted('snapshot'), snapshotTaken, redisPaused, redisResumed, redisFlushed,
  replicaLags, failedOver, () => splitBrain('a'), () => splitBrain('b'), healed, listenCut,
].map((make) => fc.constant(null).map(make))
/** What was CLEARED is lost, and read by who did not make it when Redis is trusted again. */
const LOSSES: fc.Arbitrary<Command>[] = [
  [[replicaLags()], [failedOver()]] as const,
  [[snapshotTaken()], [redisKilled(), redisStarted('snapshot')]] as const,
].map(([before, after]) =>
  fc.tuple(pet, gateway).map(([pet, gateway]) =>
    inTurn(...before, updateWeight(pet, gateway, false), ...after, boundPasses(), readOnce(pet, elsewhere(gateway))),
  ),
)
const RESTART = fc.tuple(pet, gateway).map(([pet, gateway]) => postgresRestarted(pet, gateway))

/** Sequences go on where the last one left the pets: what Postgres holds is long acknowledged and shown by both. */
async function startModel(): Promise<Model> {
  const rows = await stage.sql`
    select name, weight_kg as "weightKg",
      array(select allergen::text from pet_food_allergies where pet_id = pets.id order by allergen) as allergies
    from pets where user_id = ${DEMO_USER_ID}`
  return createModel(new Map(rows.map((row) => [Name.parse(row['name']), Stored.parse(row)])))
}

/** Everything is well, both show the newest of every pet, and answer from the cache. */
async function settle(model: Model): Promise<void> {
  await healAll(model, stage)
  await boundPasses().run(model, stage)
  // Both at once: what one reads in Postgres it puts into the cache for the other.
  await Promise.all(GATEWAYS.map((gateway) => read(model, stage, gateway, 'all')))
  for (const gateway of GATEWAYS) {
    await waitUntil(`${gateway} answers from the cache`, async () => (await read(model, stage, gateway, 'all'))?.areHits === true, {
      withinMs: BACK_IN_USE_MS,
    })
  }
}

const checkPromises = (commands: fc.Arbitrary<Command>[], numRuns: number) =>
  fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: MAX_COMMANDS, size: 'max' }), async (sequence) => {
      const model = await startModel()
      await fc.asyncModelRun(() => ({ model, real: stage }), sequence)
      await settle(model)
    }),
    // Shrinking would start and stop real servers for minutes; the journal of a failure tells what happened.
    { numRuns, endOnFailure: true },
  )

test(
  'whatever happens to Redis, in whatever order, no gateway answers what is too old, and each answers everything',
  () => checkPromises([...READS, ...READS, ...READS, ...CHANGES, ...FAULTS, ...LOSSES], RUNS),
  RUNS * RUN_TIMEOUT_MS,
)

test(
  'nor does any when Postgres is restarted as well',
  () => checkPromises([...READS, ...READS, ...CHANGES, ...FAULTS, RESTART, RESTART], RUNS_WITH_POSTGRES),
  RUNS_WITH_POSTGRES * RUN_TIMEOUT_MS,
)
