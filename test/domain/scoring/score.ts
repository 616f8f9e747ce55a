import type { Conditions, PetTraits, Preferences } from '../../../src/domain/pet.ts'
import type { Product } from '../../../src/domain/product.ts'
import { scoreProduct, type ScoredItem } from '../../../src/domain/scoring/score-product.ts'
import { buildConditions, buildPet, buildPreferences } from '../../support/build-pet.ts'
import { buildProduct } from '../../support/build-product.ts'

export type Case = {
  pet?: Partial<PetTraits>
  preferences?: Partial<Preferences>
  conditions?: Partial<Conditions>
  product?: Parameters<typeof buildProduct>[0] | Product
}

export const evaluateCase = ({ pet, preferences, conditions, product }: Case) =>
  scoreProduct({
    pet: buildPet(pet),
    preferences: buildPreferences(preferences),
    conditions: buildConditions(conditions),
    product: buildProduct(product),
  })

export function score(it: Case): ScoredItem {
  const result = evaluateCase(it)
  if (result.kind === 'excluded') throw new Error(`excluded: ${result.reason.code}`)
  return result
}

export const part = (it: Case, name: string): number | undefined => score(it).scoreComponents.find((component) => component.name === name)?.points

export const codes = (it: Case): string[] => score(it).reasons.map(({ code }) => code)
export const pointsOf = (it: Case, code: string): number | null | undefined => score(it).reasons.find((reason) => reason.code === code)?.points
