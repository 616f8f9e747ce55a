import { collectFields, collectSubFields } from '@graphql-tools/utils'
import {
  getArgumentValues, getNullableType, isListType, Kind, visit, type ArgumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLField, type GraphQLObjectType,
  type GraphQLOutputType, type GraphQLResolveInfo, type GraphQLSchema, type OperationDefinitionNode, type VariableValues,
} from 'graphql'
import type { ItemTexts } from './item-texts.ts'
import type { PartTexts } from './part-texts.ts'
import { createWriteProperty, createWriteValue, joined, OffPlanError, type Execution, type WriteFields, type WriteValue } from './write-value.ts'

/** What is remembered of what was written. */
export type Texts = { items: ItemTexts; parts: PartTexts }

/** `fields`: how many it has. `write` writes what `data` is. */
export type Compiled = { fields: number; write: (execution: Execution) => string | Promise<string> }

/** `holdsVariables`: whether an argument does, of these fields or below. */
type Fields = { write: WriteFields; holdsVariables: boolean }
type Collected = Map<string, FieldNode[]>

/** Of one document that is compiled; a document with more is left to GraphQL. */
const MOST_FIELDS = 500

/** What makes a field that reads one that changes something. */
const CHANGES = 'forceRefresh'

/** The type of what is remembered as bytes: see item-texts.ts. */
const ITEMS = '[RecommendationItem!]!'

/** A plan knows nothing of where in an operation it is. A resolver that wants to know is left to GraphQL. */
const NO_INFO: GraphQLResolveInfo = new Proxy(Object.create(null), {
  get: () => {
    throw new OffPlanError('a resolver asked for info')
  },
})

/**
 * A query as functions that write its answer straight from what resolvers return: no result object is made, and no field's
 * definition, arguments or type is looked up again. Of the variables only those are asked for that stand in @skip and @include.
 * The fields are collected by the very function of Yoga's executor. Undefined where part of it is not for a plan.
 */
export function compile(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Record<string, FragmentDefinitionNode>,
  variables: VariableValues,
  texts: Texts,
): Compiled | undefined {
  let fields = 0
  let withVariables = 0
  const conditions = { ...variables }
  /** Fields of a fragment that is spread in several places are compiled once. */
  const shared = new Map<FieldNode | undefined, { collected: Collected; compiled: Fields | undefined }[]>()

  const compileFields = (type: GraphQLObjectType, collected: Collected): Fields | undefined => {
    const first = collected.values().next().value?.[0]
    const known = shared.get(first) ?? []
    const same = known.find((one) => isSame(one.collected, collected))
    if (same !== undefined) return same.compiled
    const compiled = compileOnce(type, collected)
    shared.set(first, [...known, { collected, compiled }])
    return compiled
  }

  const compileOnce = (type: GraphQLObjectType, collected: Collected): Fields | undefined => {
    const writers: WriteFields[] = []
    let holdsVariables = false
    for (const [key, nodes] of collected) {
      const field = compileField(type, nodes, `${writers.length === 0 ? '{' : ','}"${key}":`)
      if (field === undefined || ++fields > MOST_FIELDS) return undefined
      writers.push(field.write)
      holdsVariables ||= field.holdsVariables
    }
    if (writers.length === 0) return { holdsVariables, write: () => '{}' }
    const write: WriteFields = (source, execution) => {
      let text = ''
      let next = 0
      for (const one of writers) {
        const piece = one(source, execution)
        next++
        // All begin before any of them is waited for: what they ask for travels together.
        if (typeof piece !== 'string') return joined(text, [piece, ...writers.slice(next).map((rest) => rest(source, execution))], '', '}')
        text += piece
      }
      return `${text}}`
    }
    return { holdsVariables, write }
  }

  const compileField = (parent: GraphQLObjectType, nodes: FieldNode[], prefix: string): Fields | undefined => {
    const [node] = nodes
    const name = node?.name.value ?? ''
    if (name === '__typename') return { holdsVariables: false, write: () => `${prefix}"${parent.name}"` }
    const field = parent.getFields()[name]
    if (node === undefined || field === undefined) return undefined
    let inner: Fields | undefined
    const write = createWriteValue(field.type, (type) => {
      inner = compileFields(type, collectSubFields(schema, fragments, conditions, type, nodes).fields)
      return inner && (inner.holdsVariables ? inner.write : texts.parts.remembered(inner.write))
    })
    if (write === undefined) return undefined
    const isGiven = node.arguments?.some(holdsVariable) === true
    const holdsVariables = isGiven || inner?.holdsVariables === true
    const writeValue = holdsVariables ? write : remembered(field.type, write)

    const prefixed = (value: unknown, execution: Execution) => {
      const piece = writeValue(value, execution)
      return typeof piece === 'string' ? prefix + piece : piece.then((text) => prefix + text)
    }
    const { resolve } = field
    if (resolve === undefined) {
      const writeAny: WriteFields = (source, execution) => prefixed(source[name], execution)
      return { holdsVariables, write: createWriteProperty(field.type, name, prefix, writeAny) }
    }
    const argsOf = isGiven ? compileArguments(field, node) : constant(getArgumentValues(field, node))
    const mayChange = field.args.some((argument) => argument.name === CHANGES)
    return {
      holdsVariables,
      write: (source, execution) => {
        const args = argsOf(execution)
        if (mayChange && args[CHANGES] !== false) throw new OffPlanError('no reading')
        const value: unknown = resolve(source, args, execution.context, NO_INFO)
        return value instanceof Promise ? value.then((settled) => prefixed(settled, execution)) : prefixed(value, execution)
      },
    }
  }

  /** The same all through one execution. */
  const compileArguments = (field: GraphQLField<unknown, unknown>, node: FieldNode) => {
    const at = withVariables++
    return ({ args, variables }: Execution) => (args[at] ??= getArgumentValues(field, node, variables))
  }

  const remembered = (type: GraphQLOutputType, write: WriteValue): WriteValue => {
    if (!isListType(getNullableType(type))) return write
    const writeList = String(type) === ITEMS ? rememberedItems(write) : texts.parts.remembered(write)
    return (value, execution) => (Array.isArray(value) ? writeList(value, execution) : write(value, execution))
  }

  const rememberedItems = (write: WriteValue) => {
    const selection = texts.items.nextSelection()
    return (items: object, execution: Execution) =>
      texts.items.write(items, selection, execution.context.locale, execution.bytes, () => write(items, execution))
  }

  const query = schema.getQueryType()
  const compiled = query == null ? undefined : compileFields(query, collectFields(schema, fragments, conditions, query, operation.selectionSet).fields)
  return compiled && { fields, write: (execution) => compiled.write({}, execution) }
}

const constant = (args: Record<string, unknown>) => () => args

/** The same fields under the same names in the same order: the nodes are those of one document, and a node belongs to one type. */
function isSame(one: Collected, other: Collected): boolean {
  const [ones, others] = [[...one], [...other]]
  return ones.length === others.length && ones.every(([key, nodes], i) => {
    const [otherKey, otherNodes = []] = others[i] ?? []
    return key === otherKey && nodes.length === otherNodes.length && nodes.every((node, j) => node === otherNodes[j])
  })
}

function holdsVariable(argument: ArgumentNode): boolean {
  let found = false
  visit(argument, { [Kind.VARIABLE]: () => void (found = true) })
  return found
}
