import fc from 'fast-check'
import { GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, isRequiredInputField, type GraphQLInputField, type GraphQLInputType } from 'graphql'
import { hostileValue } from './texts.ts'

/*
  Values for variables, made from the schema. What only the sender or JSON knows is written as a word between two `@`,
  and filled in by `fillIn`: ids of the sender's own pets, numbers that JSON has and JavaScript has not.
*/

const OWN_PET = ['@pet0@', '@pet1@', '@pet2@'] as const
const RAW_NUMBERS = ['1e999', '-1e999', '1e-999', '-0', '123456789012345678901234567890', '0.1000000000000000055511151231257827', '9007199254740993', '2147483648', '-2147483649', '1E400', '4.9e-324']

export type Sender = { petIds: readonly string[]; productIds: readonly string[] }

/** The JSON text of a value with its words filled in. */
export function fillIn(value: unknown, { petIds, productIds }: Sender): string {
  return JSON.stringify(value).replaceAll(/"@raw:([^"@]+)@"|@(pet|product)(\d)@/g, (word, raw: string | undefined, kind: string | undefined, index: string) => {
    if (raw !== undefined) return raw
    return (kind === 'pet' ? petIds : productIds)[Number(index)] ?? word
  })
}

const rawNumber = fc.constantFrom(...RAW_NUMBERS.map((text) => `@raw:${text}@`))

/** Own properties that JSON may name and an object literal would not have. */
const strangeObject = fc
  .dictionary(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'then', 'toJSON', '', '0'), hostileValue), fc.oneof(hostileValue, fc.integer(), fc.constant(null)), { maxKeys: 4 })
  .map((entries) => Object.fromEntries(Object.entries(entries)))
const protoObject = hostileValue.map((text) => JSON.parse(`{"__proto__":{"isAdmin":true,"x":${JSON.stringify(text)}}}`) as unknown)

/** What writes such a value into a document calls itself once for each level; deeper ones are sent as bytes: see requests.ts. */
const DEEPEST = 400

/** Of no type in particular. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileValue },
  { weight: 2, arbitrary: rawNumber },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, [], {}, [[]], [null], '') },
  { weight: 1, arbitrary: fc.array(hostileValue, { maxLength: 60 }) },
  { weight: 1, arbitrary: strangeObject },
  { weight: 1, arbitrary: protoObject },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: DEEPEST }).map(nested) },
)

function nested(depth: number): unknown {
  let value: unknown = 'x'
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value }
  return value
}

const RIGHT_TEXT: Readonly<Record<string, fc.Arbitrary<string>>> = {
  name: fc.nat(100_000).map((n) => `Mong ${n}`),
  breedCode: fc.constantFrom('MALTESE', 'PUG'),
  photoUrl: fc.constant('https://pictures.example/1.png'),
  otherAllergies: fc.constantFrom('quinoa', 'salmon and kelp'),
  softAvoidIngredients: fc.constantFrom('corn', 'wheat'),
  search: fc.constantFrom('cat', 'salmon'),
  claims: fc.constantFrom('grain free'),
  productName: fc.nat(100).map((n) => `Salmon ${n}`),
  ingredientsText: fc.constant('salmon, rice, oats'),
  after: fc.nat(1_000_000).map((n) => Buffer.from(JSON.stringify([1_790_000_000_000 + n, 'ffffffff-ffff-4fff-8fff-ffffffffffff'])).toString('base64url')),
}
const RIGHT_VALUE: Readonly<Record<string, (name: string) => fc.Arbitrary<unknown>>> = {
  ID: (name) => (name === 'productId' || name === 'id' ? fc.constantFrom('@product0@', '@product1@') : fc.constantFrom(...OWN_PET)),
  String: (name) => RIGHT_TEXT[name] ?? fc.constant('text'),
  Int: () => fc.integer({ min: 1, max: 9 }),
  Float: () => fc.integer({ min: 1, max: 900 }).map((tenths) => tenths / 10),
  Boolean: () => fc.boolean(),
  Date: () => fc.constantFrom('2020-02-29', '2024-05-01'),
  DateTime: () => fc.constant('2026-11-24T09:30:00Z'),
}

/** How often a leaf is right, hostile but of the right kind where it is a text, and anything at all. */
export type Mix = { right: number; hostile: number; anything: number }
export const RIGHT: Mix = { right: 1, hostile: 0, anything: 0 }

/** Values of a type of the schema; `name` of the variable or field that takes it. */
export function valueOf(type: GraphQLInputType, name: string, mix: Mix): fc.Arbitrary<unknown> {
  if (type instanceof GraphQLNonNull) return wrong(valueOf(type.ofType, name, mix), mix)
  if (type instanceof GraphQLList) return wrong(fc.array(valueOf(type.ofType, name, mix), { maxLength: 3 }), mix)
  if (type instanceof GraphQLInputObjectType) return wrong(objectOf(type, mix), mix)
  const right = type instanceof GraphQLEnumType ? fc.constantFrom(...type.getValues().map((value) => value.name)) : (RIGHT_VALUE[type.name]?.(name) ?? fc.constant('text'))
  const isText = type.name === 'String' || type.name === 'ID' || type.name === 'Date'
  return fc.oneof({ weight: mix.right, arbitrary: right }, { weight: mix.hostile, arbitrary: isText ? hostileValue : right }, { weight: mix.anything, arbitrary: anything })
}

/** One in a hundred of anything else, where a leaf is anything in as many cases as `mix` says. */
const wrong = (right: fc.Arbitrary<unknown>, mix: Mix) => (mix.anything === 0 ? right : fc.oneof({ weight: 60, arbitrary: right }, { weight: 1, arbitrary: anything }))

function objectOf(type: GraphQLInputObjectType, mix: Mix): fc.Arbitrary<unknown> {
  const fields = Object.values(type.getFields()).filter(({ name }) => !AGES.includes(name))
  const [always, sometimes] = [fields.filter(isRequired), fields.filter((field) => !isRequired(field))]
  // Few at once: where one is wrong, what the others hold is not looked at.
  const object = fc.subarray(sometimes, { maxLength: MOST_OPTIONAL }).chain((some) => fc.record(Object.fromEntries([...always, ...some].map((field) => [field.name, valueOf(field.type, field.name, mix)]))))
  const { birthdate, approxAgeMonths } = type.getFields()
  if (birthdate === undefined || approxAgeMonths === undefined) return object
  // One of the two, as it must be.
  const age = fc.oneof(...[birthdate, approxAgeMonths].map((field) => fc.record({ [field.name]: valueOf(field.type, field.name, mix) })))
  return fc.tuple(object, age).map(([rest, one]) => ({ ...rest, ...one }))
}

const MOST_OPTIONAL = 3
const AGES: readonly string[] = ['birthdate', 'approxAgeMonths']
export const isRequired = (field: GraphQLInputField) => isRequiredInputField(field) || field.name === 'petId'
