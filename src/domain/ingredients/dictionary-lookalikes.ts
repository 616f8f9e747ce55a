import type { DictionaryRow } from './dictionary.ts'
import { harmless } from './dictionary-rows.ts'

/**
 * Phrases that hold the word of an allergen and are something else. They win by being longer. Whoever adds one
 * must be sure that nobody with the allergy would mind: a phrase here silences the word it hides.
 */
export const ENGLISH_LOOKALIKES: readonly DictionaryRow[] = [
  harmless('plant', 'coconut milk, almond milk, hemp milk, cashew milk, oat milk, coconut cream, cream of tartar, coconut yogurt'),
  harmless('plant', 'milk thistle, milk vetch, milkvetch, milkweed, milk oat, milky oat'),
  harmless('plant', 'peanut butter, almond butter, cashew butter, nut butter, seed butter, sunflower butter, cocoa butter, shea butter'),
  harmless('plant', 'apple butter'),
  harmless('plant', 'butternut, butternut squash, butter nut squash, buttercup squash, butter lettuce, butterfly pea, sweet pea, sea pea'),
  harmless('plant', 'eggplant, egg plant, beef tomato, beefsteak tomato, beefsteak mushroom, crab apple, goat rue, horse chestnut'),
  harmless('plant', 'horse radish, horse tail'),
  harmless('plant', 'lamb lettuce, lamb ear, lamb quarter, corn salad, corn flower, corn mint, corn poppy, turkey rhubarb, duck weed'),
  harmless('plant', 'duck potato'),
  harmless('plant', 'turkey tail mushroom, turkey tail extract, hen of the wood, chicken of the wood, oyster mushroom, lion mane'),
  harmless('plant', 'yeast, brewers yeast, mushroom, fungi, rosemary, citrus, yucca'),
  harmless('plant', 'vegetable juice, vegetable glycerin, vegetable glycerine, vegetable charcoal, vegetable color, vegetable broth'),
  harmless('plant', 'vegetable stock, vegetable gravy'),
  harmless('plant', 'vegetable flavor, vegetable fiber, vegetable cellulose, artichoke heart, palm heart, heart of palm, kidney vetch'),
  harmless('plant', 'lungwort, liverwort, konjac rice'),
  harmless('plant', 'cauliflower rice, barley grass, oat grass, fish mint'),
  // Its own bone, whatever it is.
  harmless('other', 'with bone, with ground bone, with finely ground bone'),
  // What the animal ate is not in the bowl.
  harmless('other', 'corn fed, maize fed, wheat fed, grain fed, cereal fed, milk fed, barley fed, rice fed, vegetable fed'),
  harmless('other', 'vegetarian fed, grain finished'),
  // Said of the food or of another ingredient. Only words that no "free range" can follow: "chicken free range" is chicken.
  harmless('other', 'gluten free, wheat free, grain free, corn free, maize free, soy free, soya free, dairy free, lactose free'),
  harmless('other', 'cereal free, non dairy, no grain'),
  harmless('other', 'fatty acid, full fat, low fat, reduced fat, fat free, non fat, fat soluble'),
  harmless('other', 'meat content, animal based protein, heart health, heart care, organ health, sole source, vegetarian, vegan'),
]
