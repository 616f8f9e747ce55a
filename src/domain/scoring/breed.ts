import type { BenefitTag, Product, ProductFeatures } from '../product.ts'
import { within } from './capped.ts'
import type { Profile } from './profile.ts'
import type { Note, ReasonCode } from './reason-codes.ts'
import { BREED, FITNESS_PARTS } from './weights.ts'

type Extra = { code: ReasonCode; points: number; isFor: (profile: Profile) => boolean; has: (features: ProductFeatures) => boolean }

const isSmall = ({ size }: Profile) => size === 'small'
const isLarge = ({ size }: Profile) => size === 'large'
const isFlatFaced = (profile: Profile) => profile.isFlatFaced
const { small, large, brachycephalic } = BREED

const tagged = (tag: BenefitTag) => (features: ProductFeatures) => features.benefitTags.includes(tag)

const EXTRAS: readonly Extra[] = [
  { code: 'SMALL_BREED_GRAIN_FREE', points: small.grainFree, isFor: isSmall, has: (it) => it.isGrainFree },
  { code: 'SMALL_BREED_PRODUCT', points: small.smallBreedProduct, isFor: isSmall, has: (it) => it.breedSizes.includes('small') },
  { code: 'SMALL_BREED_HYPOALLERGENIC', points: small.hypoallergenic, isFor: isSmall, has: tagged('hypoallergenic') },
  { code: 'LARGE_BREED_PRODUCT', points: large.largeBreedProduct, isFor: isLarge, has: (it) => it.breedSizes.includes('large') },
  { code: 'LARGE_BREED_JOINT', points: large.joint, isFor: isLarge, has: tagged('joint') },
  { code: 'FLAT_FACED_WEIGHT', points: brachycephalic.weight, isFor: isFlatFaced, has: tagged('weight') },
]

/**
 * Of 15. The rules name no species, so cats have them too, by the size class of their own kind: a Maine Coon has the
 * joints of a large breed, though it weighs less than many a small dog. A breed without a size keeps its start.
 */
export function breedPoints(profile: Profile, { features }: Product, note?: Note): number {
  let points: number = BREED.start
  note?.('BREED_START', BREED.start)
  for (const extra of EXTRAS) {
    if (!extra.isFor(profile) || !extra.has(features)) continue
    points += extra.points
    note?.(extra.code, extra.points)
  }
  return within('breed', points, FITNESS_PARTS.breed, note)
}
