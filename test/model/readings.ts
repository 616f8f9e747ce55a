import { z } from 'zod'
import { waitUntil } from '../support/wait-until.ts'
import { RECOMMENDATION, Recommendation, shownBy, type Stage } from './stage.ts'
import { BOUND_MS, PETS, type GatewayName, type Model, type PetName } from './versions.ts'

/** `isNewest`: of every pet it may have shown the newest version. */
export type Reading = { isNewest: boolean; areHits: boolean; began: number }

const OnePet = z.object({ recommendations: Recommendation })
const AllPets = z.object({ viewer: z.object({ pets: z.array(z.object({ id: z.string(), recommendations: Recommendation })) }) })

const ONE_PET = `query One($petId: ID!) { recommendations(petId: $petId) { ${RECOMMENDATION} } }`
const ALL_PETS = `query All { viewer { pets { id recommendations { ${RECOMMENDATION} } } } }`

/**
 * Asks for one pet, or for all of the user in one operation, and judges what comes. `mayFail` allows SERVICE_UNAVAILABLE:
 * then there is no reading.
 */
export async function read(
  model: Model, stage: Stage, gateway: GatewayName, pet: PetName | 'all', mayFail = false,
): Promise<Reading | undefined> {
  const asked = namesOf(pet).map((name) => ({ name, ...stage.pets[name] }))
  const began = performance.now()
  const rules = new Map(asked.map(({ name }) => [name, model.rulesFor(name, gateway, began)]))
  const reply = await (pet === 'all' ? stage.ask(gateway, ALL_PETS) : stage.ask(gateway, ONE_PET, { petId: asked[0]?.id }))
  if (mayFail && reply.code === 'SERVICE_UNAVAILABLE') {
    model.note(`${gateway} cannot say of ${pet}`)
    return undefined
  }
  if (reply.code !== undefined) throw model.broken(`${gateway} does not answer for ${pet}: ${reply.errors}`)
  const found =
    pet === 'all'
      ? new Map(AllPets.parse(reply.data).viewer.pets.map(({ id, recommendations }) => [id, recommendations]))
      : new Map(asked.map(({ id }) => [id, OnePet.parse(reply.data).recommendations]))
  const seen = asked.map(({ name, ...one }) => {
    const recommendation = found.get(one.id)
    const rule = rules.get(name)
    if (recommendation === undefined || rule === undefined) throw model.broken(`${gateway} says nothing of ${name}`)
    const isNewest = model.judge(name, gateway, rule, shownBy(recommendation, one, reply))
    return { isNewest, isHit: recommendation.source === 'REDIS' || recommendation.source === 'MEMORY' }
  })
  return { isNewest: seen.every(({ isNewest }) => isNewest), areHits: seen.every(({ isHit }) => isHit), began }
}

/** What is older within its second is read again until the second has passed; then the rules of `read` demand the newest. */
export async function readUntilNewest(model: Model, stage: Stage, gateway: GatewayName, pet: PetName | 'all'): Promise<void> {
  const boundAt = Math.max(...namesOf(pet).map((name) => model.acknowledgedAt(name))) + BOUND_MS
  await waitUntil(`${gateway} shows the newest of ${pet}`, async () => {
    const reading = await read(model, stage, gateway, pet)
    return reading !== undefined && (reading.isNewest || reading.began > boundAt)
  })
}

function namesOf(pet: PetName | 'all'): readonly PetName[] {
  return pet === 'all' ? PETS : [pet]
}
