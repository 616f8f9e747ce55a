import type postgres from 'postgres'
import { DEMO_USER_ID } from '../../src/demo/users.ts'
import { askPostgres } from '../support/postgres-node.ts'
import type { ClockStep, History } from './history.ts'
import { WEIGHTS, WEIGHTS_OF_COPY } from './weights.ts'

/** Whom the run is about: dogs that differ in nothing but their weight. */
export type Cast = {
  /** Changed by writers, read by readers. */
  busy: readonly string[]
  /** Read by readers; it is deleted and comes back. */
  comingAndGoing: string
  /** Read and changed by nobody but a fault that works with them. */
  quiet: readonly [string, string]
  /** One user each, with one pet. */
  devices: readonly { uid: string; userId: string; petId: string }[]
}

const BUSY = 8

/** Postgres tells afterwards what was committed and when, and forgets it in a failover together with what it is about. */
const NOTES = `
  create table weights_of_chaos (pet_id uuid, weight_kg float8, version bigint);
  create table marks_of_chaos (must text);
  create table holders_of_chaos (device text, user_id uuid);
  create function note_weight() returns trigger language plpgsql as $$ begin
    if tg_op = 'DELETE' then insert into weights_of_chaos values (old.id, null, old.recommendation_version);
    else insert into weights_of_chaos values (new.id, new.weight_kg, new.recommendation_version); end if;
    return null; end $$;
  create trigger note_weight after insert or update of weight_kg or delete on pets for each row
    execute function note_weight();
  create function note_holder() returns trigger language plpgsql as $$ begin
    if new.device_uid is not null then insert into holders_of_chaos values (new.device_uid, new.id); end if;
    return null; end $$;
  create trigger note_holder after insert or update of device_uid on users for each row execute function note_holder();
`

export async function castPets(sql: postgres.Sql): Promise<Cast> {
  const insert = async (userId: string, names: readonly string[]): Promise<string[]> => {
    const rows = await sql`
      insert into pets (user_id, name, species, approx_age_months, approx_age_recorded_on, weight_kg, is_neutered)
      select ${userId}, name, 'DOG', 40, current_date, ${WEIGHTS[0] ?? 0}, true from unnest(${sql.array([...names])}::text[]) name returning id`
    return rows.map(({ id }) => String(id))
  }
  const users = await sql`insert into users (device_uid) values ('chaos-one'), ('chaos-two') returning id, device_uid`
  const devices = await Promise.all(
    users.map(async ({ id, device_uid: uid }) => ({ uid: String(uid), userId: String(id), petId: (await insert(String(id), ['device']))[0] ?? '' })),
  )
  // From here on; the devices' pets are judged by who may read them alone.
  await sql.unsafe(NOTES)
  await sql`insert into holders_of_chaos select device_uid, id from users where device_uid like 'chaos-%'`
  const busy = await insert(DEMO_USER_ID, Array.from({ length: BUSY }, (_, i) => `busy ${i}`))
  const [comingAndGoing = '', one = '', two = ''] = await insert(DEMO_USER_ID, ['coming and going', 'quiet one', 'quiet two'])
  return { busy, comingAndGoing, quiet: [one, two], devices }
}

/** A product that is in the answer for every weight, and one of its allergens. */
export type Marked = { productId: string; allergen: string }

/** Of what dogs of these weights are answered with, the first with an allergen that all have. */
export async function pickMarked(sql: postgres.Sql, answers: readonly (readonly string[])[]): Promise<Marked> {
  const [first = [], ...others] = answers
  const common = first.filter((id) => others.every((answer) => answer.includes(id)))
  const rows = await sql`select id, allergens[1] as allergen from products where id in ${sql([...common])} and cardinality(allergens) > 0 order by id`
  const [row] = rows
  if (row === undefined) throw new Error('no product with an allergen is in every answer')
  return { productId: String(row['id']), allergen: String(row['allergen']) }
}

/** A copy of the database beside it, whose pets have weights of their own. Nobody may be connected to it meanwhile. */
export async function copyDatabase(url: string): Promise<string> {
  const name = new URL(url).pathname.slice(1)
  const at = (database: string): string => {
    const other = new URL(url)
    other.pathname = database
    return other.href
  }
  await askPostgres(at('postgres'), (sql) => sql`create database copy_of_chaos template ${sql(name)}`)
  await askPostgres(at('copy_of_chaos'), (sql) => sql`update pets set weight_kg = ${WEIGHTS_OF_COPY[0] ?? 0}`)
  return 'copy_of_chaos'
}

type Told = Pick<History, 'commits' | 'marks' | 'holders'>

/** What Postgres still knows at the end, by the machine's clock. */
export async function toldByPostgres(sql: postgres.Sql, steps: readonly ClockStep[]): Promise<Told> {
  const at = sql`extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as at`
  const weights = await sql`select pet_id, weight_kg, version, ${at} from weights_of_chaos`
  const marks = await sql`select must, ${at} from marks_of_chaos`
  const holders = await sql`select device, user_id, ${at} from holders_of_chaos`
  const when = (row: postgres.Row): number => withoutSteps(Number(row['at']), steps)
  return {
    commits: weights.map((row) => ({
      petId: String(row['pet_id']), weightKg: row['weight_kg'] === null ? null : Number(row['weight_kg']), version: Number(row['version']), at: when(row),
    })),
    marks: marks.map((row) => ({ must: row['must'] === 'lack' ? 'lack' : 'hold', at: when(row) })),
    holders: holders.map((row) => ({ device: String(row['device']), userId: String(row['user_id']), at: when(row) })),
  }
}

const STEP_MARGIN_MS = 1_000

/** A step is far longer than a run, so only one of them fits. */
function withoutSteps(stamped: number, steps: readonly ClockStep[]): number {
  const step = steps.find(({ byMs, start, end }) => stamped - byMs >= start - STEP_MARGIN_MS && stamped - byMs <= end + STEP_MARGIN_MS)
  return stamped - (step?.byMs ?? 0)
}
