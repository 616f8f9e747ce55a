import SchemaBuilder from '@pothos/core'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import type { GatewayContext } from './context.ts'
import { forbidden, unauthenticated } from './errors.ts'

export type SchemaTypes = {
  Context: GatewayContext
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    /** Milliseconds since 1970. */
    DateTime: { Input: number; Output: number }
    /** `2026-11-24` */
    Date: { Input: string; Output: string }
  }
  AuthScopes: { user: boolean; admin: boolean }
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: ({ viewer }) => ({ user: viewer !== undefined, admin: viewer?.isAdmin === true }),
    unauthorizedError: (_parent, { viewer }) => (viewer === undefined ? unauthenticated() : forbidden()),
  },
})

/** Nothing is public: every field of both roots asks for somebody who is signed in. */
builder.queryType({ description: 'What can be asked.', authScopes: { user: true } })
builder.mutationType({ description: 'What can be changed. Each change is seen by the very next answer.', authScopes: { user: true } })
