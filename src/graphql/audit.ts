import type { GraphQLField, GraphQLSchema } from 'graphql'
import { z } from 'zod'
import type { GatewayContext } from './context.ts'
import { codeOf } from './errors.ts'
import { isId } from './input.ts'

/** They change only what is the viewer's own, and an admin acts in them as any user does. */
const OF_THE_VIEWER = new Set(['createPet', 'updateRecommendationPreferences'])

/** Arguments as all fields name them; what is no UUID is refused by the resolver, and stands in no row. */
const id = z.string().refine(isId).transform((text) => text.toLowerCase()).nullable().catch(null)
const target = z.object({ petId: id.default(null), productId: id.default(null) })
const targeted = target.extend({ input: target.optional() })

/**
 * Every mutation of an admin goes through `services.audit`, and so does a forced refresh. It is put round the resolvers
 * here, all at once and outermost: a new mutation is audited without knowing of it, and a refusal leaves its code too.
 */
export function auditAdmins(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    if (!OF_THE_VIEWER.has(name)) audit(field, name, () => true)
  }
  const recommendations = schema.getQueryType()?.getFields()['recommendations']
  if (recommendations !== undefined) audit(recommendations, 'forceRefresh', (args) => isForced.safeParse(args).success)
  return schema
}

const isForced = z.object({ forceRefresh: z.literal(true) })

type Field = GraphQLField<unknown, GatewayContext>

function audit(field: Field, action: string, isAudited: (args: unknown) => boolean): void {
  const { resolve } = field
  if (resolve === undefined) throw new Error(`${field.name} has no resolver to audit`)
  field.resolve = (source, args, context, info) => {
    const { viewer, services, requestId } = context
    const work = async () => resolve(source, args, context, info)
    if (viewer?.isAdmin !== true || !isAudited(args)) return work()
    return services.audit({ adminId: viewer.userId, action, requestId, ...targetOf(args) }, work, codeOf)
  }
}

function targetOf(args: unknown): { petId: string | null; productId: string | null } {
  const { input, petId, productId } = targeted.parse(args)
  return { petId: petId ?? input?.petId ?? null, productId: productId ?? input?.productId ?? null }
}
