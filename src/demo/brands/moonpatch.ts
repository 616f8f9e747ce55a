import type { DemoBrand } from '../food.ts'

/** Raw, frozen and freeze-dried. */
export const moonpatch: DemoBrand = {
  key: 'moonpatch',
  brandName: 'Moonpatch Raw',
  market: 'NZ',
  soldAt: ['BRAND', 'NAVER', 'OTHER'],
  premix: { RAW: 'vitamin E supplement, zinc amino acid complex, manganese amino acid complex' },
  foods: [
    { code: 'dog-lamb', name: 'Freeze-Dried Lamb & Green Mussel Dog', species: 'DOG', form: 'RAW', stage: 'ALL', label: 'Lamb heart, lamb, lamb tripe, lamb liver, lamb bone, New Zealand green mussel (3%), dried kelp, inulin from chicory', analysis: [41, 32, 3, 6, 9, 1.9, 1.3, 498], claims: ['Raw', 'Grain-Free', 'Chicken-Free', 'Joint'], pack: ['450 g', 0.45, 59000] },
    { code: 'dog-beef', name: 'Freeze-Dried Beef & Hoki Dog', species: 'DOG', form: 'RAW', stage: 'ALL', label: 'Beef, beef heart, beef kidney, hoki, beef liver, beef bone, green mussel, dried kelp, apple pectin', analysis: [43, 31, 2.5, 6, 9, 1.8, 1.3, 502], claims: ['Raw', 'Grain-Free', 'Chicken-Free'], pack: ['450 g', 0.45, 57000] },
    { code: 'dog-frozen-chicken', name: 'Frozen Chicken & Garden Patties', species: 'DOG', form: 'RAW', stage: 'ALL', label: 'Chicken with ground bone (74%), chicken liver, chicken gizzard, carrot (5%), courgette, spinach, apple, cod liver oil, sea salt', analysis: [14.5, 10.5, 0.9, 69, 2.8, 0.6, 0.45, 166], claims: ['Raw'], pack: ['1.8 kg', 1.8, 42000] },
    { code: 'dog-frozen-turkey', name: 'Frozen Turkey & Pumpkin Patties', species: 'DOG', form: 'RAW', stage: 'ALL', label: 'Turkey with ground bone (76%), turkey liver, turkey heart, pumpkin (6%), broccoli, blueberries, sardine oil', analysis: [15, 8.5, 0.9, 70, 2.8, 0.6, 0.45, 149], claims: ['Raw', 'Chicken-Free'], pack: ['1.8 kg', 1.8, 46000] },
    { code: 'dog-frozen-kangaroo', name: 'Frozen Kangaroo & Squash Patties', species: 'DOG', form: 'RAW', stage: 'ADULT', label: 'Kangaroo (72%), kangaroo heart, kangaroo liver, butternut squash (8%), kale, coconut oil, calcium carbonate, dried kelp', analysis: [18, 4.5, 1.2, 71, 2.6, 0.55, 0.4, 126], claims: ['Raw', 'Limited Ingredient Diet', 'Hypoallergenic', 'Chicken-Free'], pack: ['1.8 kg', 1.8, 64000] },
    { code: 'cat-rabbit', name: 'Freeze-Dried Rabbit Cat', species: 'CAT', form: 'RAW', stage: 'ALL', label: 'Whole ground rabbit (82%), rabbit liver, rabbit heart, sardine, dried kelp, taurine', analysis: [50, 24, 2, 6, 10, 2, 1.5, 467], claims: ['Raw', 'Grain-Free', 'Chicken-Free'], pack: ['300 g', 0.3, 52000] },
    { code: 'cat-king-salmon', name: 'Freeze-Dried King Salmon & Hoki Cat', species: 'CAT', form: 'RAW', stage: 'ALL', label: 'King salmon, hoki, lamb heart, lamb liver, green mussel, dried kelp, sunflower oil, taurine', analysis: [44, 33, 1.5, 6, 8, 1.5, 1.2, 512], claims: ['Raw', 'Grain-Free', 'Chicken-Free', 'Skin & Coat'], pack: ['300 g', 0.3, 56000] },
    { code: 'cat-frozen-chicken', name: 'Frozen Chicken & Heart Mince Cat', species: 'CAT', form: 'RAW', stage: 'ALL', label: 'Chicken with ground bone (80%), chicken heart (10%), chicken liver (6%), egg yolk, cod liver oil, taurine', analysis: [16, 9.5, 0.3, 70, 3, 0.6, 0.5, 154], claims: ['Raw', 'High-Protein'], pack: ['1 kg', 1, 29000] },
    { code: 'toppers-beef', name: 'Freeze-Dried Beef Liver Treats for Dogs & Cats', species: null, form: 'TREAT', stage: 'ALL', label: 'Beef liver (100%)', analysis: [64, 14, 1, 5, 6, null, null, 421], claims: ['Single Ingredient', 'Grain-Free'], pack: ['90 g', 0.09, 14900] },
  ],
}
