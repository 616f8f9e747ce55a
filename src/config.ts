import { z } from 'zod'
import { parseRedisUrl, REDIS_URL_FORMS } from './cache/redis-target.ts'
import { hasKnownSslMode } from './db/tls.ts'
import type { KrwRates } from './domain/prices.ts'
import { DEFAULT_OPERATION_LIMITS, type OperationLimits } from './http/operation-limits.ts'
import { NO_PROXIES, parseTrustedProxies, TRUST_PROXY_FORMS, type TrustedProxies } from './http/trusted-proxies.ts'
import { LOG_LEVELS, type LogLevel } from './lib/logger.ts'

/** Everything that can be configured, parsed once from environment variables; `.env.example` lists them. */
export type Config = Readonly<{
  port: number
  host: string
  /** Of one request's body. */
  maxBodyBytes: number
  /** Exact origins whose pages may read answers; none by default. */
  corsOrigins: readonly string[]
  metrics: MetricsConfig
  /** Undefined: a server of our own, with its data in `dataDir`. */
  databaseUrl: string | undefined
  redisUrl: string | undefined
  dataDir: string
  logLevel: LogLevel
  auth: AuthConfig
  /** Of a cached answer that neither trust nor Postgres can confirm, since Postgres is away: `serve` says so beside it. */
  unverifiedAnswers: 'serve' | 'refuse'
  /** For each user. */
  forceRefreshPerMinute: number
  /** Bytes of decoded runs kept in front of Redis; 0 for none. */
  runMemoryBytes: number
  /** Bytes of answers kept as they were sent; 0 for none. */
  answerMemoryBytes: number
  operationLimits: OperationLimits
  /** Requests and mutations, each within a minute. Zero: no limit. */
  ratesPerMinute: Readonly<{ user: number; address: number; mutations: number }>
  trustedProxies: TrustedProxies
  /** Of readers, in this process. */
  computations: Readonly<{ atOnce: number; queued: number }>
  /** GraphQL requests that this process works on at once. Zero: no limit. */
  requestsInFlight: number
  krwRates: KrwRates
  exposure: Exposure
}>

/** What strangers may try and learn. All of it but in production, where each is off until turned on. */
export type Exposure = Readonly<{
  /** Whether operations beside those of schema/operations are taken. */
  arbitraryOperations: boolean
  introspection: boolean
  /** Whether an error names what the client may have meant. */
  suggestions: boolean
  graphiql: boolean
}>

/** Where /metrics is answered. */
export type MetricsConfig = Readonly<{ kind: 'off' } | { kind: 'main-port' } | { kind: 'own-port'; port: number }>

export type AuthConfig = Readonly<{
  /** `generated`: nothing was configured, so a secret is made on the first start and kept in the data folder. */
  keys: { kind: 'secret'; secret: string } | { kind: 'jwks'; url: string; algorithm: JwksAlgorithm } | { kind: 'generated' }
  issuer: string
  audience: string
  /** Whether the header X-Device-UID signs somebody in. */
  deviceUid: boolean
}>

const JWKS_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type JwksAlgorithm = (typeof JWKS_ALGORITHMS)[number]

/** One line a problem: the variable, what was expected, what was found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(problems: readonly string[]) {
    super(`Wrong configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

const url = (...protocols: string[]) => z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol))
const onOff = z.enum(['on', 'off']).transform((value) => value === 'on')
const wholeNumber = (min: number, max: number) => z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.int().min(min).max(max))
const count = (min: number, max: number) => ({ schema: wholeNumber(min, max), expected: `a whole number, ${min} to ${max}` })
const isoDate = z.iso.date()

const origin = (text: string) => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text)
const origins = z.string().transform((text) => text.split(',').map((one) => one.trim())).refine((list) => list.every(origin))

/** `USD=1390,GBP=1830`: KRW for one unit. */
const rates = z
  .string()
  .regex(/^[A-Z]{3}=\d{1,9}(\.\d{1,6})?(,[A-Z]{3}=\d{1,9}(\.\d{1,6})?)*$/)
  .transform((text) => Object.fromEntries(text.split(',').map((pair) => [pair.slice(0, 3), Number(pair.slice(4))])))

type Variable = { schema: z.ZodType; expected: string; isSecret?: true }

/** An unset or empty variable is absent; defaults stand in `parseConfig`. */
const VARIABLES = {
  PORT: { schema: wholeNumber(0, 65_535), expected: 'a port, 0 to 65535' },
  HOST: { schema: z.string().regex(/^[\w.:-]+$/), expected: 'a host name or address to listen on' },
  MAX_BODY_BYTES: { schema: wholeNumber(1_000, 10_000_000), expected: 'a number of bytes, 1000 to 10000000' },
  CORS_ORIGINS: { schema: origins, expected: 'origins such as https://app.example.com,http://localhost:3000 (no path, no wildcard)' },
  METRICS_PORT: { schema: wholeNumber(0, 65_535), expected: 'a port, 0 to 65535' },
  DATABASE_URL: { schema: url('postgres:', 'postgresql:').refine(hasKnownSslMode), expected: 'a URL such as postgres://user:password@host:5432/name?sslmode=verify-full', isSecret: true },
  REDIS_URL: { schema: z.string().refine((text) => parseRedisUrl(text) !== undefined), expected: REDIS_URL_FORMS, isSecret: true },
  DATA_DIR: { schema: z.string(), expected: 'a folder' },
  LOG_LEVEL: { schema: z.enum(LOG_LEVELS), expected: `one of ${LOG_LEVELS.join(', ')}` },
  AUTH_JWT_SECRET: { schema: z.string().min(32), expected: 'at least 32 characters', isSecret: true },
  AUTH_JWKS_URL: { schema: url('http:', 'https:'), expected: 'an http or https URL' },
  AUTH_JWKS_ALGORITHM: { schema: z.enum(JWKS_ALGORITHMS), expected: `one of ${JWKS_ALGORITHMS.join(', ')}` },
  AUTH_ISSUER: { schema: z.string(), expected: 'the issuer (iss) that tokens must carry' },
  AUTH_AUDIENCE: { schema: z.string(), expected: 'the audience (aud) that tokens must carry' },
  AUTH_DEVICE_UID: { schema: onOff, expected: 'on or off' },
  UNVERIFIED_ANSWERS: { schema: z.enum(['serve', 'refuse']), expected: 'serve or refuse' },
  FORCE_REFRESH_PER_MINUTE: { schema: wholeNumber(1, 1_000), expected: 'a whole number, 1 to 1000' },
  RUN_MEMORY_MB: { schema: wholeNumber(0, 4_096), expected: 'megabytes, 0 to 4096; 0 for none' },
  ANSWER_MEMORY_MB: { schema: wholeNumber(0, 4_096), expected: 'megabytes, 0 to 4096; 0 for none' },
  NODE_ENV: { schema: z.string(), expected: 'production, or another word' },
  ALLOW_ARBITRARY_OPERATIONS: { schema: onOff, expected: 'on or off' },
  INTROSPECTION: { schema: onOff, expected: 'on or off' },
  SUGGESTIONS: { schema: onOff, expected: 'on or off' },
  GRAPHIQL: { schema: onOff, expected: 'on or off' },
  RATE_LIMIT_PER_MINUTE: count(0, 100_000_000),
  RATE_LIMIT_PER_ADDRESS_PER_MINUTE: count(0, 100_000_000),
  MUTATIONS_PER_MINUTE: count(0, 1_000_000),
  TRUST_PROXY: { schema: z.string().transform(parseTrustedProxies).refine((parsed) => parsed !== undefined), expected: TRUST_PROXY_FORMS },
  MAX_COMPUTATIONS: count(1, 1_000),
  MAX_QUEUED_COMPUTATIONS: count(0, 100_000),
  MAX_REQUESTS_IN_FLIGHT: count(0, 100_000),
  OPERATION_MAX_CHARACTERS: count(100, 1_000_000),
  OPERATION_MAX_TOKENS: count(10, 100_000),
  OPERATION_MAX_DEPTH: count(1, 100),
  OPERATION_MAX_COST: count(1, 1_000_000),
  OPERATION_MAX_ALIASES: count(0, 10_000),
  OPERATION_MAX_DIRECTIVES: count(0, 10_000),
  OPERATION_MAX_ROOT_FIELDS: count(1, 10_000),
  OPERATION_MAX_OPERATIONS: count(1, 1_000),
  OPERATION_MAX_VALUES: count(1, 100_000),
  KRW_RATES: { schema: rates, expected: 'pairs such as USD=1390,GBP=1830 (KRW for one unit)' },
  KRW_RATES_AS_OF: { schema: isoDate, expected: 'the date of KRW_RATES, such as 2026-11-01' },
} as const satisfies Record<string, Variable>

type Name = keyof typeof VARIABLES
type Values = { [K in Name]?: z.output<(typeof VARIABLES)[K]['schema']> }

export const CONFIG_NAMES: readonly string[] = Object.keys(VARIABLES)

const DEFAULT_PORT = 4000

/** Mid-market rates of the day named beside them; prices in other currencies keep their own amount. */
const DEFAULT_RATES: KrwRates = { asOf: '2026-11-01', perUnit: { USD: 1390, GBP: 1830, CAD: 1000, EUR: 1600, JPY: 9.2 } }

/** Throws ConfigError with every problem at once. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const { values, problems } = parseVariables(env)
  if (values.AUTH_JWT_SECRET !== undefined && values.AUTH_JWKS_URL !== undefined) {
    problems.push('AUTH_JWKS_URL: expected to be unset beside AUTH_JWT_SECRET (one way of checking tokens), found both')
  }
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
    if (values.AUTH_JWKS_URL !== undefined && !isSet(env[name])) problems.push(`${name}: expected to be set beside AUTH_JWKS_URL, found nothing`)
  }
  // A secret of our own making is for trying out; whoever brings a database is not trying out.
  if (isSet(env.DATABASE_URL) && !isSet(env.AUTH_JWT_SECRET) && !isSet(env.AUTH_JWKS_URL)) {
    problems.push('AUTH_JWT_SECRET: expected it or AUTH_JWKS_URL to be set beside DATABASE_URL, found neither')
  }
  if (isSet(env.KRW_RATES) !== isSet(env.KRW_RATES_AS_OF)) problems.push('KRW_RATES_AS_OF: expected to be set together with KRW_RATES, found only one of them')
  if (problems.length > 0) throw new ConfigError(problems)
  const isOpen = values.NODE_ENV !== 'production'

  return Object.freeze({
    port: values.PORT ?? DEFAULT_PORT,
    host: values.HOST ?? '127.0.0.1',
    maxBodyBytes: values.MAX_BODY_BYTES ?? 100_000,
    corsOrigins: values.CORS_ORIGINS ?? [],
    metrics: metricsOf(values),
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    dataDir: values.DATA_DIR ?? '.data',
    logLevel: values.LOG_LEVEL ?? 'info',
    auth: {
      keys: authKeys(values),
      issuer: values.AUTH_ISSUER ?? 'petfood-gateway',
      audience: values.AUTH_AUDIENCE ?? 'petfood-app',
      deviceUid: values.AUTH_DEVICE_UID ?? values.DATABASE_URL === undefined,
    },
    unverifiedAnswers: values.UNVERIFIED_ANSWERS ?? 'serve',
    forceRefreshPerMinute: values.FORCE_REFRESH_PER_MINUTE ?? 10,
    runMemoryBytes: (values.RUN_MEMORY_MB ?? 24) * 1_000_000,
    answerMemoryBytes: (values.ANSWER_MEMORY_MB ?? 96) * 1_000_000,
    operationLimits: {
      characters: values.OPERATION_MAX_CHARACTERS ?? DEFAULT_OPERATION_LIMITS.characters,
      tokens: values.OPERATION_MAX_TOKENS ?? DEFAULT_OPERATION_LIMITS.tokens,
      depth: values.OPERATION_MAX_DEPTH ?? DEFAULT_OPERATION_LIMITS.depth,
      cost: values.OPERATION_MAX_COST ?? DEFAULT_OPERATION_LIMITS.cost,
      aliases: values.OPERATION_MAX_ALIASES ?? DEFAULT_OPERATION_LIMITS.aliases,
      directives: values.OPERATION_MAX_DIRECTIVES ?? DEFAULT_OPERATION_LIMITS.directives,
      rootFields: values.OPERATION_MAX_ROOT_FIELDS ?? DEFAULT_OPERATION_LIMITS.rootFields,
      operations: values.OPERATION_MAX_OPERATIONS ?? DEFAULT_OPERATION_LIMITS.operations,
      values: values.OPERATION_MAX_VALUES ?? DEFAULT_OPERATION_LIMITS.values,
    },
    ratesPerMinute: {
      user: values.RATE_LIMIT_PER_MINUTE ?? 600,
      address: values.RATE_LIMIT_PER_ADDRESS_PER_MINUTE ?? 1_200,
      mutations: values.MUTATIONS_PER_MINUTE ?? 60,
    },
    trustedProxies: values.TRUST_PROXY ?? NO_PROXIES,
    computations: { atOnce: values.MAX_COMPUTATIONS ?? 16, queued: values.MAX_QUEUED_COMPUTATIONS ?? 200 },
    requestsInFlight: values.MAX_REQUESTS_IN_FLIGHT ?? 1_000,
    krwRates:
      values.KRW_RATES === undefined || values.KRW_RATES_AS_OF === undefined
        ? DEFAULT_RATES
        : { asOf: values.KRW_RATES_AS_OF, perUnit: values.KRW_RATES },
    exposure: {
      arbitraryOperations: values.ALLOW_ARBITRARY_OPERATIONS ?? isOpen,
      introspection: values.INTROSPECTION ?? isOpen,
      suggestions: values.SUGGESTIONS ?? isOpen,
      graphiql: values.GRAPHIQL ?? isOpen,
    },
  })
}

/** Without a word about it only a start for trying out shows its figures to whoever asks: a forgotten variable must not make them public. */
function metricsOf({ METRICS_PORT: metricsPort, PORT: port = DEFAULT_PORT, DATABASE_URL: databaseUrl, NODE_ENV: environment }: Values): MetricsConfig {
  if (metricsPort === undefined) return { kind: databaseUrl === undefined && environment !== 'production' ? 'main-port' : 'off' }
  return metricsPort === port ? { kind: 'main-port' } : { kind: 'own-port', port: metricsPort }
}

function authKeys(values: Values): AuthConfig['keys'] {
  if (values.AUTH_JWT_SECRET !== undefined) return { kind: 'secret', secret: values.AUTH_JWT_SECRET }
  if (values.AUTH_JWKS_URL !== undefined) return { kind: 'jwks', url: values.AUTH_JWKS_URL, algorithm: values.AUTH_JWKS_ALGORITHM ?? 'RS256' }
  return { kind: 'generated' }
}

function parseVariables(env: Readonly<Record<string, string | undefined>>): { values: Values; problems: string[] } {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries<Variable>(VARIABLES)) {
    const text = env[name]
    if (!isSet(text)) continue
    const parsed = variable.schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push(`${name}: expected ${variable.expected}, found ${variable.isSecret ? `${text?.length} characters that are not` : JSON.stringify(text)}`)
  }
  return { values, problems }
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== ''
}
