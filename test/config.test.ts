import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONFIG_NAMES, ConfigError, parseConfig } from '../src/config.ts'

const SECRET = 'x'.repeat(32)

test('with nothing set the defaults are those of a start for trying out', () => {
  const config = parseConfig({})
  expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', databaseUrl: undefined, redisUrl: undefined, dataDir: '.data', logLevel: 'info' })
  expect(config.auth).toMatchObject({ keys: { kind: 'generated' }, deviceUid: true })
})

test('a database of one\'s own turns the device header off and asks for a way to check tokens', () => {
  const url = 'postgres://u:p@localhost:5432/petfood'
  expect(parseConfig({ DATABASE_URL: url, AUTH_JWT_SECRET: SECRET }).auth.deviceUid).toBe(false)
  expect(parseConfig({ DATABASE_URL: url, AUTH_JWT_SECRET: SECRET, AUTH_DEVICE_UID: 'on' }).auth.deviceUid).toBe(true)
  expect(() => parseConfig({ DATABASE_URL: url })).toThrow('AUTH_JWT_SECRET: expected it or AUTH_JWKS_URL to be set beside DATABASE_URL, found neither')
})

test('limits are on by default, can be set, and rates can be turned off', () => {
  expect(parseConfig({})).toMatchObject({
    operationLimits: { tokens: 1_000, depth: 7, cost: 5_000, aliases: 15, directives: 50 },
    ratesPerMinute: { user: 600, address: 1_200, mutations: 60 },
    trustedProxies: { kind: 'none' },
    computations: { atOnce: 16, queued: 200 },
    requestsInFlight: 1_000,
  })
  const set = parseConfig({ OPERATION_MAX_DEPTH: '9', RATE_LIMIT_PER_MINUTE: '0', MAX_COMPUTATIONS: '2', MAX_QUEUED_COMPUTATIONS: '0', TRUST_PROXY: '1' })
  expect(set).toMatchObject({ operationLimits: { depth: 9 }, ratesPerMinute: { user: 0 }, computations: { atOnce: 2, queued: 0 }, trustedProxies: { kind: 'some' } })
})

test('production closes what strangers could try and learn, and each can be opened', () => {
  const open = { arbitraryOperations: true, introspection: true, suggestions: true, graphiql: true }
  const closed = { arbitraryOperations: false, introspection: false, suggestions: false, graphiql: false }
  expect(parseConfig({}).exposure).toEqual(open)
  expect(parseConfig({ NODE_ENV: 'test' }).exposure).toEqual(open)
  expect(parseConfig({ NODE_ENV: 'production' }).exposure).toEqual(closed)
  expect(parseConfig({ NODE_ENV: 'production', ALLOW_ARBITRARY_OPERATIONS: 'on' }).exposure).toEqual({ ...closed, arbitraryOperations: true })
  expect(parseConfig({ NODE_ENV: 'production', INTROSPECTION: 'on', SUGGESTIONS: 'on', GRAPHIQL: 'on' }).exposure).toEqual({ ...open, arbitraryOperations: false })
  expect(parseConfig({ INTROSPECTION: 'off', ALLOW_ARBITRARY_OPERATIONS: 'off' }).exposure).toMatchObject({ introspection: false, arbitraryOperations: false })
})

test('figures are public only where nothing was configured, or by name', () => {
  const own = { DATABASE_URL: 'postgres://u:p@localhost:5432/petfood', AUTH_JWT_SECRET: SECRET }
  expect(parseConfig({}).metrics).toEqual({ kind: 'main-port' })
  expect(parseConfig(own).metrics).toEqual({ kind: 'off' })
  expect(parseConfig({ NODE_ENV: 'production' }).metrics).toEqual({ kind: 'off' })
  expect(parseConfig({ ...own, METRICS_PORT: '9464' }).metrics).toEqual({ kind: 'own-port', port: 9464 })
  expect(parseConfig({ ...own, METRICS_PORT: '4000' }).metrics).toEqual({ kind: 'main-port' })
})

test('origins are a list without blanks', () => {
  expect(parseConfig({}).corsOrigins).toEqual([])
  expect(parseConfig({ CORS_ORIGINS: 'https://app.example.com, http://localhost:3000' }).corsOrigins).toEqual(['https://app.example.com', 'http://localhost:3000'])
})

test.each([
  ['INTROSPECTION', 'true', 'INTROSPECTION: expected on or off, found "true"'],
  ['RATE_LIMIT_PER_MINUTE', '-1', 'RATE_LIMIT_PER_MINUTE: expected a whole number, 0 to 100000000, found "-1"'],
  ['TRUST_PROXY', 'yes', 'TRUST_PROXY: expected a number of proxies such as 1, or addresses'],
  ['OPERATION_MAX_DEPTH', '0', 'OPERATION_MAX_DEPTH: expected a whole number, 1 to 100'],
  ['MAX_COMPUTATIONS', '0', 'MAX_COMPUTATIONS: expected a whole number, 1 to 1000'],
  ['PORT', 'abc', 'PORT: expected a port, 0 to 65535, found "abc"'],
  ['PORT', '70000', 'PORT: expected a port'],
  ['MAX_BODY_BYTES', '10', 'MAX_BODY_BYTES: expected a number of bytes'],
  ['CORS_ORIGINS', '*', 'CORS_ORIGINS: expected origins such as https://app.example.com'],
  ['CORS_ORIGINS', 'https://app.example.com/', 'CORS_ORIGINS: expected origins'],
  ['CORS_ORIGINS', 'https://app.example.com,null', 'CORS_ORIGINS: expected origins'],
  ['METRICS_PORT', 'on', 'METRICS_PORT: expected a port'],
  ['DATABASE_URL', 'mysql://x', 'DATABASE_URL: expected a URL such as postgres://'],
  ['DATABASE_URL', 'postgres://u:p@host/name?sslmode=verify_full', 'DATABASE_URL: expected a URL such as postgres://'],
  ['REDIS_URL', 'localhost:6379', 'REDIS_URL: expected redis://host:6379'],
  ['REDIS_URL', 'unix://redis.sock', 'REDIS_URL: expected redis://host:6379'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL: expected one of silent, fatal'],
  ['AUTH_JWT_SECRET', 'short', 'AUTH_JWT_SECRET: expected at least 32 characters, found 5 characters'],
  ['AUTH_DEVICE_UID', 'yes', 'AUTH_DEVICE_UID: expected on or off, found "yes"'],
  ['AUTH_JWKS_URL', 'ftp://x', 'AUTH_JWKS_URL: expected an http or https URL'],
  ['KRW_RATES', 'USD:1', 'KRW_RATES: expected pairs such as USD=1390'],
])('%s=%s is refused by name, with what was expected and what was found', (name, value, message) => {
  expect(() => parseConfig({ [name]: value })).toThrow(message)
})

test('every problem is told at once, and no secret is repeated', () => {
  try {
    parseConfig({ PORT: 'abc', AUTH_JWT_SECRET: 'hunter2', LOG_LEVEL: 'loud' })
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toMatch(/PORT[^]*LOG_LEVEL[^]*AUTH_JWT_SECRET/)
    expect(String(error)).not.toContain('hunter2')
  }
})

test('.env.example and the README name every variable there is', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  expect(CONFIG_NAMES.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([])
  expect(CONFIG_NAMES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
