import { TypeInfo, visit, visitWithTypeInfo, BREAK, type DocumentNode, type GraphQLSchema } from 'graphql'

/**
 * The fields whose answers are told by the fences of the pets they speak of, or by nothing but the request: see
 * coverage.ts. A type or field that is not here is told by none, so a new one is safe before anybody thinks of it.
 */
const COVERED_FIELDS: Readonly<Record<string, 'all' | readonly string[]>> = {
  Query: ['viewer', 'pet', 'recommendations'],
  Viewer: ['id', 'isAdmin'],
  Pet: 'all',
  Recommendations: 'all',
  RecommendationItem: 'all',
  ScoreComponent: 'all',
  MatchReason: 'all',
  QualityCheck: 'all',
  ExpertExplanation: 'all',
  Citation: 'all',
  // Of these only what a run holds can be reached from the fields above: as it was when the run was made.
  PricedOffer: 'all',
  Product: 'all',
  Offer: 'all',
  NutritionFacts: 'all',
}

const DIRECTIVES = ['skip', 'include']

export type IsCovered = (document: DocumentNode) => boolean

/** Whether all that a document asks for is covered. Found out once for each document, which must be valid. */
export function createIsCovered(schema: GraphQLSchema): IsCovered {
  const known = new WeakMap<DocumentNode, boolean>()

  const find = (document: DocumentNode): boolean => {
    const types = new TypeInfo(schema)
    let isCovered = true
    const end = () => {
      isCovered = false
      return BREAK
    }
    visit(
      document,
      visitWithTypeInfo(types, {
        OperationDefinition: ({ operation }) => (operation === 'query' ? undefined : end()),
        Directive: ({ name }) => (DIRECTIVES.includes(name.value) ? undefined : end()),
        Field: ({ name }) => {
          const covered = COVERED_FIELDS[types.getParentType()?.name ?? '']
          return name.value === '__typename' || covered === 'all' || covered?.includes(name.value) === true ? undefined : end()
        },
      }),
    )
    return isCovered
  }

  return (document) => {
    const found = known.get(document) ?? find(document)
    known.set(document, found)
    return found
  }
}
