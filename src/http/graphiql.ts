import { readFileSync } from 'node:fs'
import type { GraphiQLOptions } from 'graphql-yoga'

export type Demo = { token: string; petId: string }

const operation = (name: string) => readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8')

/**
 * GraphiQL's default tabs: the named operations of schema/operations. With the demo's token and pet filled in (zero-config
 * start only) they run as they stand. Values stand as the variables' defaults in the text, since GraphiQL does not send
 * the variables of a default tab that was never opened by hand.
 */
export function graphiqlOptions(demo: Demo | undefined): GraphiQLOptions {
  const headers = JSON.stringify({ authorization: `Bearer ${demo?.token ?? '<token>'}` }, null, 2)
  const tab = (name: string) => ({ query: demo === undefined ? operation(name) : withDefaults(operation(name), demo.petId), headers })
  return {
    title: 'petfood-gateway',
    headers,
    shouldPersistHeaders: false,
    defaultTabs: [tab('Recommendations'), tab('MyPets'), tab('UpdatePetWeight'), tab('ClearRecommendationCache')],
  }
}

const withDefaults = (text: string, petId: string) =>
  text.replace('$petId: ID!', `$petId: ID! = "${petId}"`).replace('$weightKg: Float!', '$weightKg: Float! = 7')
