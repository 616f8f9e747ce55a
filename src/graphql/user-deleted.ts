import type { GraphQLError } from 'graphql'
import type { GatewayContext } from './context.ts'
import { userWasDeleted } from './errors.ts'

/**
 * What to throw where the viewer's user turned out to be deleted. Their device is forgotten here, in case the notification of
 * the deletion was lost: its next request finds or makes the user that it belongs to now.
 */
export function userDeleted({ services, viewer }: GatewayContext): GraphQLError {
  if (viewer !== undefined) services.forgetUser(viewer.userId)
  return userWasDeleted()
}
