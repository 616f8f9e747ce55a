import type { Allergen } from '../codes.ts'
import type { DictionaryRow, FoodKind } from './dictionary.ts'

type Row = (kind: FoodKind, allergens: readonly Allergen[], words: string) => DictionaryRow

/** The source is said, and is the allergen. */
export const named: Row = (kind, allergens, words) => ({ kind, allergens, words, isNamed: true, confidence: 'high' })

/** The source is said; it holds only traces of the allergen, or is so close a relative that it may act as one. */
export const related: Row = (kind, allergens, words) => ({ kind, allergens, words, isNamed: true, confidence: 'low' })

/** The source is not said. Excluding has to be safe, so it counts, with low confidence, as all that it may hold. */
export const unnamed: Row = (kind, allergens, words) => ({ kind, allergens, words, isNamed: false, confidence: 'low' })

/** The source is said, and is none of the allergens. */
export const harmless = (kind: FoodKind, words: string): DictionaryRow => named(kind, [], words)

// "Meat and animal derivatives" is, by EU feed law, any part of any warm-blooded land animal. American "meat
// by-products" and "meat and bone meal" are mammals: poultry must be named (AAFCO).
export const ANY_MEAT: readonly Allergen[] = ['BEEF', 'CHICKEN', 'TURKEY', 'DUCK', 'PORK', 'LAMB']
export const MAMMALS: readonly Allergen[] = ['BEEF', 'PORK', 'LAMB']
export const POULTRY: readonly Allergen[] = ['CHICKEN', 'TURKEY', 'DUCK']
export const CEREALS: readonly Allergen[] = ['WHEAT', 'CORN', 'RICE']
export const PLANT_PROTEINS: readonly Allergen[] = ['WHEAT', 'CORN', 'SOY', 'RICE', 'POTATO', 'PEA']
