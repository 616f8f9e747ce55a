import type { DemoBrand } from '../food.ts'

/** Korean kitchen style: short lists with shares, dogs only. */
export const haneulTable: DemoBrand = {
  key: 'haneul-table',
  brandName: 'Haneul Table',
  market: 'KR',
  soldAt: ['COUPANG', 'NAVER', 'BRAND'],
  premix: {
    DRY: 'calcium carbonate, dicalcium phosphate, choline chloride, vitamins (A, D3, E, B1, B2, B6, B12, niacin, biotin, folic acid), minerals (zinc sulphate, ferrous sulphate, copper sulphate, calcium iodate, sodium selenite), mixed tocopherols, rosemary extract',
    WET: 'calcium carbonate, agar-agar, vitamins (A, D3, E, B1), zinc sulphate, taurine',
  },
  foods: [
    { code: 'puppy-chicken-rice', name: 'Puppy Chicken & Rice', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Fresh chicken (32%), dried chicken (21%), rice (18%), barley, chicken fat, whole egg powder (3%), beet pulp, salmon oil (1.5%), carrot, brewer\'s yeast, fructo-oligosaccharides', analysis: [29, 17, 2.8, 9, 7.2, 1.3, 1, 391], claims: ['Natural', 'DHA for growth'], pack: ['2 kg', 2, 34900] },
    { code: 'puppy-salmon-oat', name: 'Puppy Salmon & Oat', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Salmon (30%), dried salmon (16%), oats (20%), rice, pork fat, pea protein, linseed, beet pulp, seaweed (0.8%), blueberry, chicory inulin', analysis: [28, 16, 3.2, 9, 7.4, 1.25, 0.95, 384], claims: ['Chicken-Free', 'Natural'], pack: ['2 kg', 2, 37900] },
    { code: 'adult-duck-barley', name: 'Adult Duck & Barley', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Duck (34%), dried duck (14%), barley (22%), sorghum, duck fat, dried apple pulp, pumpkin (4%), linseed, salmon oil, ginger, mannan-oligosaccharides', analysis: [25, 14, 3.6, 9, 6.8, 1.2, 0.9, 371], claims: ['Single animal protein', 'Chicken-Free'], pack: ['2 kg', 2, 36500] },
    { code: 'adult-beef-sweet-potato', name: 'Adult Beef & Sweet Potato', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Beef (31%), beef meal (15%), sweet potato (19%), brown rice, beef tallow, chickpeas, carrot, linseed, spinach, kelp, dried chicory root', analysis: [26, 15, 3.5, 9, 7, 1.25, 0.95, 376], claims: ['Natural'], pack: ['2 kg', 2, 38900] },
    { code: 'adult-pollack', name: 'Adult Alaska Pollack & Rice', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Alaska pollack (36%), pollack meal (12%), rice (24%), potato starch, canola oil, radish, pumpkin, perilla seed oil (2%), seaweed fulvescens, brewer\'s yeast', analysis: [25, 11, 3, 9, 7.2, 1.2, 0.9, 356], claims: ['Sensitive skin', 'Chicken-Free', 'Omega-3'], pack: ['1.8 kg', 1.8, 33900] },
    { code: 'adult-lamb-millet', name: 'Adult Lamb & Millet Skin & Coat', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Lamb (29%), lamb meal (18%), millet (20%), tapioca, sunflower oil, linseed (3%), apple, perilla leaf, evening primrose oil, zinc chelate of glycine', analysis: [24, 14, 3.4, 9, 7.8, 1.4, 1, 368], claims: ['Skin & Coat', 'Chicken-Free', 'No Corn No Wheat No Soy'], pack: ['2 kg', 2, 39900] },
    { code: 'light-turkey', name: 'Light Turkey & Barley', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Turkey (28%), dried turkey (17%), barley (25%), oat hulls, powdered cellulose, pumpkin (5%), psyllium husk, L-carnitine (300 mg/kg), cranberry, green tea extract', analysis: [28, 8, 8.5, 9, 6.5, 1.1, 0.85, 316], claims: ['Weight Control', 'L-carnitine'], pack: ['2 kg', 2, 36900] },
    { code: 'senior-cod', name: 'Senior Cod & Brown Rice 8+', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'Cod (30%), white fish meal (13%), brown rice (26%), oats, pumpkin, salmon oil (2%), green-lipped mussel (0.5%), glucosamine hydrochloride (800 mg/kg), chondroitin sulphate (400 mg/kg), turmeric', analysis: [25, 10, 4, 9, 6.8, 1.1, 0.8, 345], claims: ['Joint Care', 'Senior', 'Chicken-Free'], pack: ['1.8 kg', 1.8, 38500] },
    { code: 'stew-beef', name: 'Slow-Cooked Beef Stew', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Beef (45%), beef broth (28%), beef liver (6%), carrot (5%), potato (5%), pumpkin, green beans, perilla oil', analysis: [9.8, 6.2, 0.6, 78, 1.9, 0.3, 0.25, 107], claims: ['Human-Grade'], pack: ['150 g x 12', 1.8, 35800] },
    { code: 'stew-duck', name: 'Slow-Cooked Duck Stew', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Duck (48%), duck broth (27%), duck liver (5%), sweet potato (6%), apple (3%), broccoli, perilla oil', analysis: [9.4, 6.8, 0.6, 77, 1.9, 0.3, 0.24, 112], claims: ['Human-Grade', 'Chicken-Free'], pack: ['150 g x 12', 1.8, 37800] },
    { code: 'porridge-chicken', name: 'Chicken & Pumpkin Porridge', species: 'DOG', form: 'WET', stage: 'ALL', label: 'Chicken broth (38%), chicken breast (34%), rice (8%), pumpkin (7%), egg (3%), spinach, sesame oil', analysis: [8.6, 2.4, 0.5, 82, 1.4, 0.25, 0.2, 79], claims: ['Sensitive Digestion'], pack: ['100 g x 16', 1.6, 28800] },
  ],
}
