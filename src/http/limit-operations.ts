import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens'
import { Kind, validate, type GraphQLError, type ValidationContext, type ValidationRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { badInput } from '../graphql/errors.ts'
import type { OperationLimits } from './operation-limits.ts'
import { countRootFields } from './root-fields.ts'
import { withVariablesInPages } from './variables-in-pages.ts'

/**
 * Refuses operations that are too large, before anything is executed, with BAD_USER_INPUT. The rules are graphql-armor's.
 * They stand among the validation rules, so Yoga's cache keeps what they said of a document and a known one costs nothing.
 */
export function createLimitOperations<Context extends Record<string, unknown>>(limits: OperationLimits): Plugin<Context> {
  const ours = { flattenFragments: true, propagateOnRejection: false, onReject: [report] }
  const cost = costLimitRule({ ...ours, maxCost: limits.cost })
  const rules: ValidationRule[] = [
    maxDepthRule({ ...ours, n: limits.depth }),
    maxAliasesRule({ ...ours, n: limits.aliases }),
    maxDirectivesRule({ ...ours, n: limits.directives }),
    cost,
    countRule(limits),
  ]
  const tokens = { n: limits.tokens, onReject: [(_context: unknown, error: GraphQLError) => throwRefusal(error)] }

  return {
    onParams: ({ params: { query, variables }, setResult }) => {
      const found = query?.length ?? 0
      if (found > limits.characters) return setResult({ errors: [refusal(`Document limit of ${limits.characters} characters exceeded, found ${found}.`)] })
      if (holdsMoreValues(variables, limits.values)) setResult({ errors: [refusal(`Variables limit of ${limits.values} values exceeded.`)] })
    },
    onParse: ({ setParseFn }) => setParseFn((source, options) => new MaxTokensParserWLexer(source, { ...options, ...tokens }).parseDocument()),
    onValidate: ({ addValidationRule }) => rules.forEach(addValidationRule),
    onExecute: ({ args: { schema, document, variableValues }, setResultAndStopExecution }) => {
      const written = withVariablesInPages(document, variableValues ?? {})
      // No page depends on a variable: the rule has said all it has to say while validating.
      if (written === document) return
      const errors = validate(schema, written, [cost])
      if (errors.length > 0) setResultAndStopExecution({ errors: [...errors] })
    },
  }
}

/** Whether there are more than `most` values in this one. Looks at no more than that many, however they are nested. */
export function holdsMoreValues(value: unknown, most: number): boolean {
  const left = [value]
  for (let seen = 0; left.length > 0; seen++) {
    if (seen + left.length > most + 1) return true
    const next = left.pop()
    if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) left.push(inner)
  }
  return false
}

/** Operations in the document, and fields that each asks of its root. */
function countRule(limits: OperationLimits): ValidationRule {
  return (context) => ({
    Document: ({ definitions }) => {
      const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length
      if (operations > limits.operations) context.reportError(refusal(`Operations limit of ${limits.operations} exceeded, found ${operations}.`))
    },
    OperationDefinition: (operation) => {
      const fields = countRootFields(context.getDocument(), operation)
      if (fields > limits.rootFields) context.reportError(refusal(`Root fields limit of ${limits.rootFields} exceeded, found ${fields}.`))
    },
  })
}

const report = (context: ValidationContext | null, error: GraphQLError) => context?.reportError(refusal(messageOf(error)))
const throwRefusal = (error: GraphQLError): never => {
  throw refusal(messageOf(error))
}
/** `spec`: Yoga answers 400 where the client speaks GraphQL's own media type, as it does for what does not validate. */
const refusal = (message: string) => {
  const error = badInput([{ path: '', message }])
  Object.assign(error.extensions, { http: { spec: true, status: 400 } })
  return error
}
/** The library calls each of its refusals a syntax error. */
const messageOf = ({ message }: GraphQLError) => message.replace(/^Syntax Error: /, '')
