type Env = Readonly<Record<string, string | undefined>>

/** What a command on the data reads. It signs nobody in, so a database alone is enough: no secret is asked for beside it. */
const VARIABLES = ['DATABASE_URL', 'DATA_DIR', 'KRW_RATES', 'KRW_RATES_AS_OF']

export const commandVariables = (env: Env): Env => ({
  ...Object.fromEntries(VARIABLES.map((name) => [name, env[name]])),
  // parseConfig wants one beside DATABASE_URL; nothing is ever signed with this one.
  AUTH_JWT_SECRET: 'unused-by-commands-that-sign-nobody-in',
})
