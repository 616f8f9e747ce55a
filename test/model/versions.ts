import type { Allergen } from '../../src/domain/codes.ts'

/*
  What a gateway may show of a pet, told from outside alone.

  Every change makes a version: a weight and allergies, and by clears and forced refreshes the same ones anew. Versions of
  a pet are numbered as they are made. An answer does not name its version, but it gives it away:

    its amounts     follow the weight, and no two weights of one sequence are alike
    its allergens   none of them is one of the pet's allergies
    its run         is made from one version; seen before a change, it is older than that change for good

  What these leave is a range of versions. A rule is broken where even the newest of them is too old.
*/

export type GatewayName = 'a' | 'b'
export const PETS = ['Bori', 'Nabi', 'Duri', 'Haru', 'Mong', 'Kong'] as const
export type PetName = (typeof PETS)[number]
export type Traits = { weightKg: number; allergies: readonly Allergen[] }

export type Version = Traits & {
  readonly by: GatewayName | 'psql'
  /** When the answer to the change had come (performance.now()). Infinity until then. */
  acknowledgedAt: number
  /** The era of Redis in which it was said to be CLEARED. */
  clearedIn: number | undefined
}

/** What an answer lets see. `weightsKg`: by each of its foods, as far as their energy is known. */
export type Shown = { runId: string | null; weightsKg: readonly number[]; allergens: ReadonlySet<string>; isVerified: boolean }

/** The state of the servers, as far as commands and rules depend on it. */
export type Servers = {
  /** Redis keeps what it acknowledges within one; whatever may lose something begins another. */
  era: number
  primary: 'up' | 'paused' | 'killed'
  replica: 'following' | 'lagging' | 'gone'
  isSplit: boolean
  hasSnapshot: boolean
}

export type Rule = { least: number; why: string }

type Range = { oldest: number; newest: number }
type History = { versions: Version[]; runs: Map<string, Range>; served: Record<GatewayName, number> }

/** Milliseconds: what is promised, whatever fails. */
export const BOUND_MS = 1_000
/** Weights are 3 % apart; amounts are rounded to a tenth of a gram. */
const WEIGHT_TOLERANCE = 0.01

export type Model = ReturnType<typeof createModel>

/** `initial` has been acknowledged for long, and is what both gateways show. */
export function createModel(initial: ReadonlyMap<PetName, Traits>) {
  const startedAt = performance.now()
  const journal: string[] = []
  const histories = new Map<PetName, History>()
  for (const [pet, traits] of initial) {
    const first: Version = { ...traits, by: 'psql', acknowledgedAt: -Infinity, clearedIn: undefined }
    histories.set(pet, { versions: [first], runs: new Map(), served: { a: 0, b: 0 } })
  }
  const servers: Servers = { era: 0, primary: 'up', replica: 'following', isSplit: false, hasSnapshot: false }

  let lastNewsAt = startedAt

  const note = (line: string) => void journal.push(`${(performance.now() - startedAt).toFixed(0).padStart(7)} ms  ${line}`)
  const broken = (what: string): Error => new Error(`${what}\n${journal.join('\n')}\n`)

  const historyOf = (pet: PetName): History => {
    const history = histories.get(pet)
    if (history === undefined) throw new Error(`the model knows no pet ${pet}`)
    return history
  }
  const newestOf = (pet: PetName): Version => {
    const newest = historyOf(pet).versions.at(-1)
    if (newest === undefined) throw new Error(`${pet} has no version`)
    return newest
  }

  /** As of the beginning of a read: later changes cannot bind it. */
  const rulesFor = (pet: PetName, gateway: GatewayName, began: number): { always: Rule[]; ifVerified: Rule[] } => {
    const { versions, served } = historyOf(pet)
    const last = (holds: (version: Version) => boolean) =>
      versions.findLastIndex((version) => version.acknowledgedAt <= began && holds(version))
    return {
      always: [
        { least: last(({ by }) => by === gateway), why: `${gateway} made the change itself` },
        { least: served[gateway], why: `${gateway} has shown as much before` },
      ],
      ifVerified: [
        { least: last(({ clearedIn }) => clearedIn === servers.era), why: 'the change was CLEARED and Redis lost nothing since' },
        { least: last(({ acknowledgedAt }) => acknowledgedAt + BOUND_MS < began), why: 'the change was made more than a second before' },
      ],
    }
  }

  const isMadeFrom = (shown: Shown, version: Version): boolean =>
    shown.weightsKg.every((kg) => Math.abs(kg / version.weightKg - 1) < WEIGHT_TOLERANCE) &&
    !version.allergies.some((allergen) => shown.allergens.has(allergen))

  /** Returns whether it may be the newest version. Throws where a rule is broken. */
  const judge = (pet: PetName, gateway: GatewayName, rules: ReturnType<typeof rulesFor>, shown: Shown): boolean => {
    const { versions, runs, served } = historyOf(pet)
    const known = (shown.runId === null ? undefined : runs.get(shown.runId)) ?? { oldest: 0, newest: versions.length - 1 }
    const possible = versions.flatMap((version, i) => (i >= known.oldest && i <= known.newest && isMadeFrom(shown, version) ? [i] : []))
    const newest = possible.at(-1)
    const what = `${gateway} shows ${pet} at ${shown.weightsKg[0]?.toFixed(2)} kg (run ${shown.runId?.slice(0, 8)})`
    note(`${what}: version ${possible.join(' or ')} of ${versions.length - 1}${shown.isVerified ? '' : ', unverified'}`)
    if (newest === undefined) {
      const foods = [...shown.allergens].join(' ')
      throw broken(`${what} and foods with ${foods}: that is none of its versions ${known.oldest} to ${known.newest}`)
    }
    const binding = shown.isVerified ? [...rules.always, ...rules.ifVerified] : rules.always
    for (const { least, why } of binding) if (newest < least) throw broken(`${what}: version ${newest}, though ${why}: version ${least}`)
    const least = Math.max(...binding.map((rule) => rule.least))
    const oldest = possible.find((i) => i >= least) ?? newest
    // An allergy is dangerous however the weight is read: said once more, without the amounts.
    const allergiesSince = versions.slice(least).map(({ allergies }) => new Set<string>(allergies))
    const kept = allergiesSince.reduce((all, some) => all.intersection(some))
    const eaten = kept.intersection(shown.allergens)
    if (eaten.size > 0) throw broken(`${what} and recommends ${[...eaten].join(' ')} to it, allergic since version ${least}`)

    if (shown.runId !== null) runs.set(shown.runId, { oldest, newest })
    served[gateway] = Math.max(served[gateway], oldest)
    return newest === versions.length - 1
  }

  return {
    servers,
    note,
    broken,
    traitsOf: (pet: PetName): Traits => newestOf(pet),
    /** When something last changed or failed. */
    lastNewsAt: () => lastNewsAt,
    acknowledgedAt: (pet: PetName): number => newestOf(pet).acknowledgedAt,
    rulesFor,
    judge,

    /** A change that is on its way: it may be shown, and binds nobody. */
    begin: (pets: readonly PetName[], by: Version['by'], change: Partial<Traits>) => {
      const made = pets.map((pet) => {
        const { weightKg, allergies } = newestOf(pet)
        const version: Version = { weightKg, allergies, ...change, by, acknowledgedAt: Infinity, clearedIn: undefined }
        return { pet, version, number: historyOf(pet).versions.push(version) - 1 }
      })
      return {
        acknowledge: (invalidation: 'CLEARED' | 'QUEUED') => {
          lastNewsAt = performance.now()
          for (const { pet, version, number } of made) {
            version.acknowledgedAt = lastNewsAt
            if (invalidation === 'CLEARED' && !servers.isSplit) version.clearedIn = servers.era
            const traits = `${version.weightKg} kg, ${version.allergies.join(' ') || 'no allergy'}`
            note(`${by} changes ${pet} to version ${number}: ${traits}: ${invalidation}`)
          }
        },
        /** It was never made, and nothing was begun since. */
        retract: () => made.forEach(({ pet }) => void historyOf(pet).versions.pop()),
      }
    },

    /** What may lose acknowledged writes. */
    lose: (what: string) => {
      servers.era++
      lastNewsAt = performance.now()
      note(what)
    },
    hurt: (what: string) => {
      lastNewsAt = performance.now()
      note(what)
    },
  }
}
