import { Ajv } from 'ajv'
import { toJSONSchema, type z } from 'zod'

const ajv = new Ajv({ allowUnionTypes: true })

/**
 * Whether a value that came out of JSON.parse is what a schema says, told without touching it. Zod itself answers with a
 * copy: of values that are large and read all the time, see docs/decisions/024.
 * For schemas that only describe: JSON Schema knows no transforms.
 */
export function createJsonCheck<T>(schema: z.ZodType<T>): (value: unknown) => value is T {
  return ajv.compile<T>(toJSONSchema(schema, { target: 'draft-7' }))
}
