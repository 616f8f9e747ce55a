/** What one GraphQL document may be at most; each is refused before anything is executed. */
export type OperationLimits = Readonly<Record<keyof typeof DEFAULT_OPERATION_LIMITS, number>>

/**
 * The figures of graphql-armor where it has one. Depth is one more than there: the deepest path of our schema that visits
 * no type twice has seven fields (`viewer.pets.recommendations.items.product.nutrition.proteinPct`).
 */
export const DEFAULT_OPERATION_LIMITS = {
  /** Of the document's text. Yoga keeps documents and what is wrong with them by their whole text. */
  characters: 20_000,
  tokens: 1_000,
  /** Fields below one another; a fragment adds none. Introspection has a limit of GraphQL's own. */
  depth: 7,
  /** 1 for a field, 2 for one with fields of its own, times 1.5 for each level, times `first`. */
  cost: 5_000,
  aliases: 15,
  directives: 50,
  rootFields: 20,
  /** Of the variables: every value in them, lists and objects too. What is wrong with each may be told, and costs time. */
  values: 1_000,
  operations: 10,
}
