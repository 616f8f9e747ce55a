import {
  getVariableValues, Kind, OperationTypeNode, visit, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode, type VariableValues,
} from 'graphql'
import type { GatewayContext } from '../context.ts'
import { compile, type Compiled, type Texts } from './compile.ts'
import { assemble } from './item-texts.ts'

export type Plan = {
  /** An answer of nothing but data, as JSON. Undefined: GraphQL has to be asked, with the same context, which holds what was read so far. Never rejects. */
  write(variables: Readonly<Record<string, unknown>>, context: GatewayContext): Promise<Buffer | undefined>
}

/** Variables that @skip and @include ask for: each set of their values is compiled on its own. */
const MOST_CONDITIONS = 3

/**
 * How one operation of a document is answered without GraphQL's executor. The document is valid, and all it asks for is
 * covered (see covered-fields.ts): it reads, and reading twice is reading once.
 *
 * Only what goes as planned is written. Whatever does not, be it an error of any kind, a null where none may be, or a
 * variable that is wrong, makes the plan give up without a word, and GraphQL executes the operation as if nothing had been:
 * there is one place that makes errors. Undefined where the operation is not for a plan. `onCompiled` is told how many fields
 * have been compiled.
 */
export function createPlan({ schema, document, operation, texts, onCompiled }: {
  schema: GraphQLSchema
  document: DocumentNode
  operation: OperationDefinitionNode
  texts: Texts
  onCompiled: (fields: number) => void
}): Plan | undefined {
  if (operation.operation !== OperationTypeNode.QUERY) return undefined
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one
  const conditions = conditionsOf(document)
  if (conditions.length > MOST_CONDITIONS) return undefined

  const variants = new Map<string, Compiled | undefined>()
  const variantFor = (variables: VariableValues): Compiled | undefined => {
    const key = conditions.map((name) => String(variables.coerced[name])).join()
    const known = variants.get(key)
    if (known !== undefined || variants.has(key)) return known
    const made = compile(schema, operation, fragments, variables, texts)
    variants.set(key, made)
    onCompiled(made?.fields ?? 0)
    return made
  }

  return {
    write: async (inputs, context) => {
      const { variableValues: variables } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs)
      if (variables === undefined) return undefined
      try {
        const execution = { context, variables, args: [], bytes: [] }
        const data = await variantFor(variables)?.write(execution)
        return data === undefined ? undefined : assemble(`{"data":${data}}`, execution.bytes)
      } catch {
        return undefined
      }
    },
  }
}

function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, { Directive: (directive) => visit(directive, { [Kind.VARIABLE]: ({ name }) => void names.add(name.value) }) })
  return [...names]
}
