import type { Asker } from '../../recommend/ladder.ts'
import { builder } from '../builder.ts'
import { Pet } from '../refs.ts'
import { viewerOf } from '../viewer-of.ts'
import { RecommendationPreferences } from './preferences.ts'

const Viewer = builder.objectRef<Asker>('Viewer').implement({
  description: 'Whoever asks.',
  fields: (t) => ({
    id: t.exposeID('userId', { description: 'A UUID.' }),
    isAdmin: t.exposeBoolean('isAdmin', { description: 'Whether the token has the role `admin`.' }),
    pets: t.field({ type: [Pet], description: 'Oldest first.', resolve: ({ userId }, _args, { services }) => services.pets.readPetsOf(userId) }),
    primaryPet: t.field({
      type: Pet,
      nullable: true,
      description: 'Null where no pet is marked as the primary one.',
      resolve: async ({ userId }, _args, { services }) => (await services.pets.readPetsOf(userId)).find(({ isPrimary }) => isPrimary),
    }),
    preferences: t.field({
      type: RecommendationPreferences,
      description: 'What holds for all pets of the viewer.',
      resolve: ({ userId }, _args, { services }) => services.users.readPreferences(userId),
    }),
  }),
})

builder.queryField('viewer', (t) => t.field({ type: Viewer, description: 'Whoever asks.', resolve: (_root, _args, context) => viewerOf(context) }))
