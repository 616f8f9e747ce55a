import { Kind, visit, type DocumentNode, type ValueNode } from 'graphql'

const PAGE_ARGUMENTS = ['first', 'last']
const readsVariables = new WeakMap<DocumentNode, boolean>()

/**
 * The document with `first: $n` written out as `first: 100`, so that a rule which reads what is written sees how much is
 * asked for. The same document where no page depends on a variable: that is looked up once for each document.
 */
export function withVariablesInPages(document: DocumentNode, variables: Readonly<Record<string, unknown>>): DocumentNode {
  if (readsVariables.get(document) === false) return document
  const defaults = new Map<string, ValueNode | undefined>()
  let found = false
  const written = visit(document, {
    VariableDefinition: ({ variable, defaultValue }) => void defaults.set(variable.name.value, defaultValue),
    Argument: (argument) => {
      const { name, value } = argument
      if (value.kind !== Kind.VARIABLE || !PAGE_ARGUMENTS.includes(name.value)) return undefined
      found = true
      const sent = variables[value.name.value]
      const inPlace: ValueNode | undefined = Number.isInteger(sent) ? { kind: Kind.INT, value: String(sent) } : defaults.get(value.name.value)
      return inPlace === undefined ? undefined : { ...argument, value: inPlace }
    },
  })
  readsVariables.set(document, found)
  return found ? written : document
}
