import { readFileSync } from 'node:fs'
import type { GraphiQLOptions } from 'graphql-yoga'

export type Demo = { token: string; petId: string }

const operation = (name: string) => readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8')

/**
 * GraphiQL's default tabs. They are the named operations of schema/operations; with the demo's token and pet filled in
 * (zero-config start only) they run as they stand.
 */
export function graphiqlOptions(demo: Demo | undefined): GraphiQLOptions {
  const headers = JSON.stringify({ authorization: `Bearer ${demo?.token ?? '<token>'}` }, null, 2)
  const petId = demo?.petId ?? '00000000-0000-0000-0000-000000000000'
  const tab = (name: string, variables?: object) => ({
    query: operation(name),
    headers,
    ...(variables === undefined ? {} : { variables: JSON.stringify(variables, null, 2) }),
  })
  return {
    title: 'petfood-gateway',
    headers,
    shouldPersistHeaders: false,
    defaultTabs: [
      tab('Recommendations', { petId }),
      tab('MyPets'),
      tab('UpdatePetWeight', { petId, weightKg: 7 }),
      tab('ClearRecommendationCache', { petId }),
    ],
  }
}
