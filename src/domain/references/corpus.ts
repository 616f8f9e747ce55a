import { ALLERGEN_REFERENCES } from './allergens.ts'
import { CONCERN_REFERENCES } from './concerns.ts'
import { ENERGY_REFERENCES } from './energy.ts'
import { HARMFUL_REFERENCES } from './harmful.ts'
import { LIFE_STAGE_REFERENCES } from './life-stages.ts'
import { NUTRIENT_REFERENCES } from './nutrient-profiles.ts'
import type { Reference } from './reference.ts'

/** All that an explanation may cite. */
export const REFERENCES: readonly Reference[] = [
  ...NUTRIENT_REFERENCES, ...ENERGY_REFERENCES, ...LIFE_STAGE_REFERENCES, ...CONCERN_REFERENCES, ...ALLERGEN_REFERENCES, ...HARMFUL_REFERENCES,
]
