import { Kind, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql'
import { SOURCES } from '../recommend/source.ts'

/** These tell nothing of the pet, the run or the score, but only which tier answered. */
const TIER_FIELDS = new Set(['Recommendations.source', 'Recommendations.isCached', 'ProductMatchScore.isCached'])

/** A publication's name is never the name of a tier (test/graphql/tier-names.test.ts), so it may stand under the same name as one. */
const NEVER_A_TIER = new Set(['Citation.source'])

export type TierNamesOf = (document: DocumentNode) => RegExp | undefined

/**
 * Finds in the JSON of a response what only tells the tier: `"source":"MEMORY"`, whatever the document names it. Undefined
 * where there is nothing to find. The document must be valid.
 *
 * What is found is certain to be just that. JSON escapes a quotation mark in a string, so `"name":` is a key, and a name
 * under which the document asks for anything else as well is not looked for. Then responses of two tiers differ.
 */
export function createTierNames(schema: GraphQLSchema): TierNamesOf {
  const known = new WeakMap<DocumentNode, { names: RegExp | undefined }>()

  const find = (document: DocumentNode): RegExp | undefined => {
    const types = new TypeInfo(schema)
    const [ofTiers, ofOthers] = [new Set<string>(), new Set<string>()]
    visit(
      document,
      visitWithTypeInfo(types, {
        [Kind.FIELD]: ({ name, alias }) => {
          const field = `${types.getParentType()?.name}.${name.value}`
          if (!NEVER_A_TIER.has(field)) (TIER_FIELDS.has(field) ? ofTiers : ofOthers).add((alias ?? name).value)
        },
      }),
    )
    const names = [...ofTiers.difference(ofOthers)]
    return names.length === 0 ? undefined : new RegExp(`"(${names.join('|')})":(?:"(?:${SOURCES.join('|')})"|true|false)`, 'g')
  }

  return (document) => {
    const found = known.get(document) ?? { names: find(document) }
    known.set(document, found)
    return found.names
  }
}
