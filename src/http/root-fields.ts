import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'

const counted = new WeakMap<OperationDefinitionNode, number>()

/**
 * How many fields an operation asks of its root, those of its fragments among them. A fragment that is spread twice counts
 * twice; each is looked into once, so that fragments which double each other cost nothing.
 */
export function countRootFields(document: DocumentNode, operation: OperationDefinitionNode): number {
  const known = counted.get(operation)
  if (known !== undefined) return known
  const count = countSelections(document, operation.selectionSet)
  counted.set(operation, count)
  return count
}

function countSelections(document: DocumentNode, root: SelectionSetNode): number {
  const counts = new Map<string, number>()
  const ofFragment = (name: string): number => {
    const known = counts.get(name)
    if (known !== undefined) return known
    // For a fragment that spreads itself, which validation refuses.
    counts.set(name, 0)
    const fragment = document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name)
    const count = fragment?.kind === Kind.FRAGMENT_DEFINITION ? ofSelections(fragment.selectionSet) : 0
    counts.set(name, count)
    return count
  }
  const ofSelections = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, one) => {
      if (one.kind === Kind.FIELD) return sum + 1
      return sum + (one.kind === Kind.INLINE_FRAGMENT ? ofSelections(one.selectionSet) : ofFragment(one.name.value))
    }, 0)
  return ofSelections(root)
}
