import { RecommendationsDocument, UpdatePetWeightDocument } from '../../schema/generated/graphql.ts'
import type { Household } from './households.ts'
import type { Prepared } from './workload.ts'

/** `all`: the operation of the app as it is. `short`: without the lists and texts of each item, which are most of it. */
export const SHAPES = ['all', 'short'] as const
export type Shape = (typeof SHAPES)[number]

const LEFT_OUT = ['scoreComponents', 'matchReasons', 'qualityChecklist', 'technicalExplanation', 'offers']

export type Operations = {
  /** Bodies of requests. */
  singlePet(petId: string): string
  severalPets(petIds: readonly string[]): string
  forcedRefresh(petId: string): string
  newWeight(petId: string, weightKg: number): string
}

export function createOperations(shape: Shape): Operations {
  const single = shape === 'all' ? RecommendationsDocument.toString() : without(RecommendationsDocument.toString(), LEFT_OUT)
  // What the named operation asks of one pet, to be asked of several in one operation.
  const fields = single.slice(single.indexOf('{', single.indexOf('recommendations(')), single.lastIndexOf('}'))
  return {
    // graphql-jit takes no default of a variable that may not be null, so everybody is told.
    singlePet: (petId) => JSON.stringify({ query: single, variables: { petId, forceRefresh: false } }),
    forcedRefresh: (petId) => JSON.stringify({ query: single, variables: { petId, forceRefresh: true } }),
    newWeight: (petId, weightKg) => JSON.stringify({ query: UpdatePetWeightDocument.toString(), variables: { petId, weightKg } }),
    // Every pet under an alias of its own: `p0`, `p1` and so on.
    severalPets: (petIds) => {
      const names = petIds.map((_, i) => `p${i}`)
      const query = `query SeveralPets(${names.map((name) => `$${name}: ID!`).join(', ')}) {
${names.map((name) => `  ${name}: recommendations(petId: $${name}) { ...Asked }`).join('\n')}
}
fragment Asked on Recommendations ${fields}`
      return JSON.stringify({ query, variables: Object.fromEntries(names.map((name, i) => [name, petIds[i]])) })
    },
  }
}

/** The text without those selections and what is below them. */
function without(query: string, names: readonly string[]): string {
  return names.reduce((text, name) => text.replace(new RegExp(`^\\s*${name}( \\{[^}]*\\})?\\n`, 'm'), ''), query)
}

export type SignedIn = Household & { token: string }

/** One request for each pet of everybody, with its owner's token. */
export function forEachPet(people: readonly SignedIn[], bodyOf: (petId: string) => string): Prepared[] {
  return people.flatMap(({ token, petIds }) => petIds.map((petId) => ({ token, body: bodyOf(petId) })))
}
