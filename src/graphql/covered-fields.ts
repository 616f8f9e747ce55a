import { TypeInfo, visit, visitWithTypeInfo, BREAK, type DocumentNode, type GraphQLSchema } from 'graphql'
import { argumentsOfCacheable } from './cacheable-fields.ts'

const DIRECTIVES = ['skip', 'include']

export type IsCovered = (document: DocumentNode) => boolean

/** Whether all that a document asks for is cacheable (see cacheable-fields.ts). Found out once for each document, which must be valid. */
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
        Field: ({ name, arguments: given = [] }) => {
          if (name.value === '__typename') return undefined
          const allowed = argumentsOfCacheable(types.getParentType()?.name ?? '', name.value)
          return allowed !== undefined && given.every((one) => allowed.includes(one.name.value)) ? undefined : end()
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
