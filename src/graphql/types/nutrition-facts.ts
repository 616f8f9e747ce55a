import type { Nutrition } from '../../domain/product.ts'
import { builder } from '../builder.ts'

export const NUTRITION_FACTS = {
  proteinPct: 'Crude protein, percent by weight.',
  fatPct: 'Crude fat, percent by weight.',
  fiberPct: 'Crude fibre, percent by weight.',
  moisturePct: 'Moisture, percent by weight.',
  ashPct: 'Crude ash, percent by weight.',
  calciumPct: 'Calcium, percent by weight.',
  phosphorusPct: 'Phosphorus, percent by weight.',
  kcalPer100g: 'Metabolisable energy, kcal per 100 g.',
} as const satisfies Record<keyof Nutrition, string>

export const NutritionFacts = builder.objectRef<Nutrition>('NutritionFacts').implement({
  description: 'As fed, percent by weight. Null where the label does not say.',
  fields: (t) => {
    const fact = (name: keyof Nutrition) => t.exposeFloat(name, { nullable: true, description: NUTRITION_FACTS[name] })
    return {
      proteinPct: fact('proteinPct'),
      fatPct: fact('fatPct'),
      fiberPct: fact('fiberPct'),
      moisturePct: fact('moisturePct'),
      ashPct: fact('ashPct'),
      calciumPct: fact('calciumPct'),
      phosphorusPct: fact('phosphorusPct'),
      kcalPer100g: fact('kcalPer100g'),
    }
  },
})
