import type { AsyncCommand } from 'fast-check'
import { z } from 'zod'
import type { Allergen } from '../../src/domain/codes.ts'
import { waitUntil } from '../support/wait-until.ts'
import { read, readUntilNewest } from './readings.ts'
import { RECOMMENDATION, Recommendation, shownBy, type Reply, type Stage } from './stage.ts'
import { BOUND_MS, PETS, type GatewayName, type Model, type PetName, type Traits } from './versions.ts'

/** What clients and a person in psql do. */
export type Command = AsyncCommand<Model, Stage>

const Invalidation = z.enum(['CLEARED', 'QUEUED'])
const ChangedPet = z.object({ recommendations: Recommendation.optional() })
const Updated = z.object({ updatePet: z.object({ invalidation: Invalidation, pet: ChangedPet }) })
const Cleared = z.object({ clearRecommendationCache: z.object({ invalidation: Invalidation }) })
const AllCleared = z.object({ clearAllRecommendationCaches: z.object({ invalidation: Invalidation }) })
const Refreshed = z.object({ recommendations: Recommendation })

const UPDATE = `mutation Update($input: UpdatePetInput!) { updatePet(input: $input) { invalidation pet { id } } }`
const UPDATE_AND_READ = `
  mutation UpdateAndRead($input: UpdatePetInput!) {
    updatePet(input: $input) { invalidation pet { recommendations { ${RECOMMENDATION} } } }
  }`
const CLEAR = `mutation Clear($petId: ID!) { clearRecommendationCache(petId: $petId) { invalidation } }`
const CLEAR_ALL = `mutation ClearAll { clearAllRecommendationCaches { invalidation } }`
const FORCE_REFRESH = `query ForceRefresh($petId: ID!) { recommendations(petId: $petId, forceRefresh: true) { ${RECOMMENDATION} } }`

/** Milliseconds: trust in a Redis that is well again is regained by a check, and by then it must be deserved. */
const A_CHECK_MS = 300

/** 3 % apart, more of them than a sequence has changes: each is told from all the others of its sequence. */
const WEIGHTS_KG = Array.from({ length: 60 }, (_, i) => Number((4 * 1.03 ** i).toFixed(2)))
export const nextWeightKg = ({ weightKg }: Traits): number => WEIGHTS_KG.find((kg) => kg > weightKg * 1.02) ?? WEIGHTS_KG[0] ?? weightKg

export const readOnce = (pet: PetName | 'all', gateway: GatewayName): Command => ({
  check: () => true,
  run: async (model, stage) => void (await read(model, stage, gateway, pet)),
  toString: () => `Read(${pet}, ${gateway})`,
})

export const readAgain = (pet: PetName | 'all', gateway: GatewayName): Command => ({
  check: () => true,
  run: (model, stage) => readUntilNewest(model, stage, gateway, pet),
  toString: () => `ReadUntilNewest(${pet}, ${gateway})`,
})

/** The bound is over for all that happened. Nobody reads meanwhile: a read without trust asks Postgres, and mends the cache. */
export const boundPasses = (): Command => ({
  check: (model) => performance.now() < model.lastNewsAt() + BOUND_MS,
  run: (model) => waitUntil('the bound has passed', () => performance.now() > model.lastNewsAt() + BOUND_MS + A_CHECK_MS),
  toString: () => 'BoundPasses',
})

/** One after the other, as far as each is possible: what would seldom come together by chance. */
export const inTurn = (...commands: readonly Command[]): Command => ({
  check: (model) => commands[0]?.check(model) === true,
  run: async (model, stage) => {
    for (const command of commands) if (command.check(model)) await command.run(model, stage)
  },
  toString: () => `(${commands.join(', ')})`,
})

export const elsewhere = (gateway: GatewayName): GatewayName => (gateway === 'a' ? 'b' : 'a')

/** At once by the gateway that did not make the change: what is not told to it by then shows. */
export const thenReadElsewhere = (change: Command, pet: PetName | 'all', gateway: GatewayName): Command => ({
  check: (model) => change.check(model),
  run: async (model, stage) => {
    await change.run(model, stage)
    await read(model, stage, elsewhere(gateway), pet)
  },
  toString: () => `${change.toString()} and Read(${pet}, ${elsewhere(gateway)})`,
})

/** `andRead`: in the same operation. It knows the change already. */
export const updateWeight = (pet: PetName, gateway: GatewayName, andRead: boolean): Command => ({
  check: () => true,
  run: (model, stage) => update(model, stage, pet, gateway, { weightKg: nextWeightKg(model.traitsOf(pet)) }, { andRead }),
  toString: () => `UpdateWeight(${pet}, ${gateway}${andRead ? ', and read' : ''})`,
})

export const addAllergy = (pet: PetName, gateway: GatewayName, allergen: Allergen): Command => ({
  check: (model) => !model.traitsOf(pet).allergies.includes(allergen),
  run: (model, stage) => update(model, stage, pet, gateway, { allergies: [...model.traitsOf(pet).allergies, allergen] }),
  toString: () => `AddAllergy(${pet}, ${gateway}, ${allergen})`,
})

export const removeAllergy = (pet: PetName, gateway: GatewayName, allergen: Allergen): Command => ({
  check: (model) => model.traitsOf(pet).allergies.includes(allergen),
  run: (model, stage) => update(model, stage, pet, gateway, { allergies: model.traitsOf(pet).allergies.filter((one) => one !== allergen) }),
  toString: () => `RemoveAllergy(${pet}, ${gateway}, ${allergen})`,
})

export const clear = (pet: PetName, gateway: GatewayName): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const change = model.begin([pet], gateway, {})
    const data = answered(model, `${gateway} clears ${pet}`, await stage.ask(gateway, CLEAR, { petId: stage.pets[pet].id }))
    change.acknowledge(Cleared.parse(data).clearRecommendationCache.invalidation)
  },
  toString: () => `Clear(${pet}, ${gateway})`,
})

export const clearAll = (gateway: GatewayName): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const change = model.begin(PETS, gateway, {})
    const data = answered(model, `${gateway} clears all`, await stage.ask(gateway, CLEAR_ALL, {}, 'admin'))
    change.acknowledge(AllCleared.parse(data).clearAllRecommendationCaches.invalidation)
  },
  toString: () => `ClearAll(${gateway})`,
})

/** Its answer does not tell whether the caches were told: others are bound after the second alone. */
export const forceRefresh = (pet: PetName, gateway: GatewayName): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const one = stage.pets[pet]
    const change = model.begin([pet], gateway, {})
    const reply = await stage.ask(gateway, FORCE_REFRESH, { petId: one.id })
    if (reply.code === 'RATE_LIMITED') return change.retract()
    const { recommendations } = Refreshed.parse(answered(model, `${gateway} refreshes ${pet}`, reply))
    change.acknowledge('QUEUED')
    judgeOwn(model, gateway, pet, shownBy(recommendations, one, reply))
  },
  toString: () => `ForceRefresh(${pet}, ${gateway})`,
})

/** A person in psql, who knows no cache: only the database's own triggers tell of it. */
export const updateBehindOurBack = (pet: PetName): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const weightKg = nextWeightKg(model.traitsOf(pet))
    const change = model.begin([pet], 'psql', { weightKg })
    await stage.sql`update pets set weight_kg = ${weightKg} where id = ${stage.pets[pet].id}`
    change.acknowledge('QUEUED')
  },
  toString: () => `UpdateBehindOurBack(${pet})`,
})

/** The same by an application whose transactions see what was there when they began, and which began before others wrote. */
export const updateAtSnapshot = (pet: PetName, level: 'repeatable read' | 'serializable'): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const weightKg = nextWeightKg(model.traitsOf(pet))
    const change = model.begin([pet], 'psql', { weightKg })
    await stage.sql.begin(`isolation level ${level}`, async (tx) => {
      await tx`select count(*) from pets`
      await tx`update pets set weight_kg = ${weightKg} where id = ${stage.pets[pet].id}`
    })
    change.acknowledge('QUEUED')
  },
  toString: () => `UpdateAtSnapshot(${pet}, ${level})`,
})

/** TRUNCATE fires no triggers of rows. */
export const truncateAllergies = (): Command => ({
  check: () => true,
  run: async (model, stage) => {
    const change = model.begin(PETS, 'psql', { allergies: [] })
    await stage.sql`truncate pet_food_allergies`
    change.acknowledge('QUEUED')
  },
  toString: () => 'TruncateAllergies',
})

/** Where SERVICE_UNAVAILABLE is allowed, it leaves open whether the change was made, and `isMade` finds out. */
export async function update(
  model: Model, stage: Stage, pet: PetName, gateway: GatewayName, traits: Partial<Traits>,
  { andRead = false, isMade }: { andRead?: boolean; isMade?: () => Promise<boolean> } = {},
): Promise<void> {
  const one = stage.pets[pet]
  // What is undefined is not sent.
  const input = { petId: one.id, weightKg: traits.weightKg, foodAllergies: traits.allergies }
  const change = model.begin([pet], gateway, traits)
  const reply = await stage.ask(gateway, andRead ? UPDATE_AND_READ : UPDATE, { input })
  if (isMade !== undefined && reply.code === 'SERVICE_UNAVAILABLE') {
    const made = await isMade()
    model.note(`${gateway} cannot say whether ${pet} was changed; it was${made ? '' : ' not'}`)
    return made ? change.acknowledge('QUEUED') : change.retract()
  }
  const { updatePet } = Updated.parse(answered(model, `${gateway} changes ${pet}`, reply))
  change.acknowledge(updatePet.invalidation)
  const { recommendations } = updatePet.pet
  if (recommendations !== undefined) judgeOwn(model, gateway, pet, shownBy(recommendations, one, reply))
}

/** Read in the operation that made the change, after it: the change is as binding as to any later read there. */
function judgeOwn(model: Model, gateway: GatewayName, pet: PetName, shown: ReturnType<typeof shownBy>): void {
  model.judge(pet, gateway, model.rulesFor(pet, gateway, performance.now()), shown)
}

function answered(model: Model, what: string, { code, errors, data }: Reply): unknown {
  if (code !== undefined) throw model.broken(`${what}, and is answered ${errors}`)
  return data
}
