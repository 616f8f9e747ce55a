import type { UnderstoodIngredient } from './understand.ts'

// The oil of a cereal, a flavour or a grass has left the grain behind. Its starch, bran, hull and syrup have not.
const NOT_GRAIN = /\b(?:oil|flavor|grass)\b|오일|기름|^유(?: |$)/

/** A true cereal or what is made of it. Quinoa, amaranth and buckwheat are seeds of other plants and count as none. */
export const isGrain = ({ mentions }: UnderstoodIngredient): boolean =>
  mentions.some(({ meaning, behind }) => meaning.kind === 'grain' && !NOT_GRAIN.test(behind))
