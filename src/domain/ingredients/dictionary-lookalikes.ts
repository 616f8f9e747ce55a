import type { DictionaryRow } from './dictionary.ts'
import { harmless, named } from './dictionary-rows.ts'

/**
 * Phrases that hold the word of an allergen and are something else. They win by being longer. Whoever adds one
 * must be sure that nobody with the allergy would mind: a phrase here silences the word it hides.
 */
export const ENGLISH_LOOKALIKES: readonly DictionaryRow[] = [
  harmless('plant', 'coconut milk, almond milk, hemp milk, cashew milk, oat milk, coconut cream, cream of tartar, coconut yogurt'),
  harmless('plant', 'milk thistle, milk vetch, milkvetch, milkweed, milk oat, milky oat'),
  harmless('plant', 'peanut butter, almond butter, cashew butter, nut butter, seed butter, sunflower butter, cocoa butter, shea butter, apple butter'),
  harmless('plant', 'butternut, butternut squash, butter nut squash, buttercup squash, butter lettuce, butterfly pea, sweet pea, sea pea'),
  harmless('plant', 'eggplant, egg plant, beef tomato, beefsteak tomato, beefsteak mushroom, crab apple, goat rue, horse chestnut, horse radish, horse tail'),
  harmless('plant', 'lamb lettuce, lamb ear, lamb quarter, corn salad, corn flower, corn mint, corn poppy, turkey rhubarb, duck weed, duck potato'),
  harmless('plant', 'turkey tail mushroom, turkey tail extract, hen of the wood, chicken of the wood, oyster mushroom, lion mane'),
  harmless('plant', 'yeast, brewers yeast, mushroom, fungi, rosemary, citrus, yucca'),
  harmless('plant', 'vegetable juice, vegetable glycerin, vegetable glycerine, vegetable charcoal, vegetable color, vegetable broth, vegetable stock, vegetable gravy'),
  harmless('plant', 'vegetable flavor, vegetable fiber, vegetable cellulose, artichoke heart, palm heart, heart of palm, kidney vetch, lungwort, liverwort, konjac rice'),
  harmless('plant', 'cauliflower rice, barley grass, oat grass, rice grass, hide and seek, fish mint'),
  // What the animal ate is not in the bowl.
  harmless('other', 'corn fed, maize fed, wheat fed, grain fed, cereal fed, milk fed, barley fed, rice fed, vegetable fed, vegetarian fed, grain finished'),
  // Said of the food or of another ingredient. Only words that no "free range" can follow: "chicken free range" is chicken.
  harmless('other', 'gluten free, wheat free, grain free, corn free, maize free, soy free, soya free, dairy free, lactose free, cereal free, non dairy, no grain'),
  harmless('other', 'fatty acid, full fat, low fat, reduced fat, fat free, non fat, fat soluble, polyunsaturated fat, omega 3 fat, omega 6 fat'),
  harmless('other', 'meat content, animal based protein, heart health, heart care, organ health, vitamin oil, sole source, stock cube yeast, bone char, bone growth, insoluble, free of fat'),
  harmless('other', 'vegetarian, vegan, mineral, vitamin, proteinate, fermentation, bacillus, lactobacillus'),
  named('dairy', ['DAIRY'], 'cream cheese, milk fat, milk protein, full fat milk, low fat milk, fat free milk, non fat milk, low fat yogurt, non fat yogurt, milk powder'),
  named('egg', ['EGG'], 'full fat egg'),
  named('egg', ['EGG', 'CHICKEN'], 'chicken egg, hen egg'),
  named('egg', ['EGG', 'DUCK'], 'duck egg'),
]
