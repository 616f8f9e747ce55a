import { CONFIG_NAMES } from '../../src/config.ts'
import { python } from '../support/python.ts'

/** A server program of bench/contestants. `keeps`: whether it has a cache of its own that must not miss. */
export type Peer = { kind: 'peer'; name: string; title: string; file: string; packages: readonly string[]; keeps: boolean; severalPets: boolean }
/** The real gateway with more variables in its environment. `needs`: the one of them without which it is no other contestant. */
export type Ours = { kind: 'ours'; name: string; title: string; variables: Readonly<Record<string, string>>; needs: string | undefined }
export type Contestant = Peer | Ours

/** What every ratio is against. */
export const REFERENCE = 'node-redis'

const peer = (name: string, title: string, packages: readonly string[], traits: { keeps?: boolean; severalPets?: boolean; file?: string } = {}): Peer => ({
  kind: 'peer', name, title, file: traits.file ?? `${name}.ts`, packages, keeps: traits.keeps ?? false, severalPets: traits.severalPets ?? true,
})
const ours = (name: string, title: string, variables: Record<string, string>, needs?: string): Ours => ({ kind: 'ours', name, title, variables, needs })

export const CONTESTANTS: readonly Contestant[] = [
  peer('node-map', 'node:http, bytes from a Map (no Redis, no GraphQL)', [], { severalPets: false }),
  peer('node-redis', 'node:http + ioredis GET passed through (no GraphQL)', ['ioredis']),
  peer('mercurius', 'mercurius + jit + mercurius-cache (Redis)', ['mercurius', 'mercurius-cache', 'fastify', 'graphql'], { keeps: true }),
  peer('yoga-response-cache', 'Yoga + response-cache plugin (Redis)', ['graphql-yoga', '@graphql-yoga/plugin-response-cache', '@envelop/response-cache-redis'], { keeps: true }),
  peer('apollo', 'Apollo Server + response cache (Redis)', ['@apollo/server', '@apollo/server-plugin-response-cache', '@keyv/redis', '@as-integrations/fastify'], { keeps: true }),
  peer('yoga-pothos-jit', 'Yoga + Pothos + DataLoader + MGET + graphql-jit', ['@pothos/core', 'dataloader', '@envelop/graphql-jit']),
  peer('yoga-pothos', 'Yoga + Pothos + DataLoader + MGET (the plain way)', []),
  // Not fastapi.py: that would import itself.
  peer('fastapi', 'FastAPI + redis.asyncio + pydantic (no GraphQL)', [], { severalPets: false, file: 'fastapi-models.py' }),
  ours('ours', 'petfood-gateway', {}),
  // What it has for answers by default goes to the runs.
  ours('ours-no-answers', 'petfood-gateway, ANSWER_MEMORY_MB=0, RUN_MEMORY_MB=96', { ANSWER_MEMORY_MB: '0', RUN_MEMORY_MB: '96' }, 'ANSWER_MEMORY_MB'),
  ours('ours-redis-only', 'petfood-gateway, no memory of its own', { ANSWER_MEMORY_MB: '0', RUN_MEMORY_MB: '0' }, 'RUN_MEMORY_MB'),
]

/** What is measured is the path of a hit: whatever counts requests or weighs operations counts, and refuses nothing. */
export const NOTHING_REFUSED: Readonly<Record<string, string>> = {
  FORCE_REFRESH_PER_MINUTE: '1000',
  MAX_QUEUED_COMPUTATIONS: '100000',
  OPERATION_MAX_ALIASES: '1000',
  OPERATION_MAX_ROOT_FIELDS: '1000',
  OPERATION_MAX_TOKENS: '10000',
  OPERATION_MAX_COST: '1000000',
}

/** Why it cannot be measured here. A variant whose switch this gateway does not know would only be measured twice. */
export function whyLeftOut(contestant: Contestant): string | undefined {
  if (contestant.kind === 'ours') return contestant.needs === undefined || CONFIG_NAMES.includes(contestant.needs) ? undefined : 'this gateway does not know the switch'
  return contestant.file.endsWith('.py') && python === undefined ? 'there is no python3 with fastapi, uvicorn and redis' : undefined
}
