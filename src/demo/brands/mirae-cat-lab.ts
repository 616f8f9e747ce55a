import type { DemoBrand } from '../food.ts'

/** Cats only: indoor, neutered, hairball, urinary, dental, kittens and old ones. */
export const miraeCatLab: DemoBrand = {
  key: 'mirae-cat-lab',
  brandName: 'Mirae Cat Lab',
  market: 'KR',
  soldAt: ['COUPANG', 'NAVER', 'BRAND'],
  premix: {
    DRY: 'potassium chloride, calcium carbonate, vitamins (A, D3, E, C, B1, B2, B6, B12, niacin, biotin, folic acid, pantothenic acid), minerals (iron, zinc, copper, manganese, iodine, selenium), taurine, DL-methionine, tocopherols',
    WET: 'taurine, vitamins (A, D3, E, B1, B6), minerals (zinc, manganese, iodine), locust bean gum',
  },
  foods: [
    { code: 'kitten', name: 'Kitten Turkey & Salmon', species: 'CAT', form: 'DRY', stage: 'PUPPY', label: 'Fresh turkey (24%), dried turkey (20%), salmon (8%), tapioca, turkey fat, dried egg, krill meal, salmon oil (2%), pumpkin, mannan-oligosaccharides, colostrum', analysis: [39, 20, 2.2, 8, 8, 1.3, 1.1, 418], claims: ['DHA', 'Grain-Free', 'Immune'], pack: ['1.5 kg', 1.5, 39900] },
    { code: 'neutered-white-fish', name: 'Neutered White Fish Light', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'White fish (22%), white fish meal (22%), barley, pea fibre, powdered cellulose, salmon oil, cranberry (0.5%), L-carnitine, psyllium, dandelion', analysis: [37, 10, 6.5, 8, 8, 1.2, 1, 342], claims: ['Neutered', 'Weight Control', 'Urinary'], pack: ['1.5 kg', 1.5, 36900] },
    { code: 'neutered-turkey', name: 'Neutered Turkey & Oat', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Turkey (26%), dried turkey (22%), oats, pea protein, powdered cellulose, turkey fat, beet pulp, cranberry (0.4%), L-carnitine, green tea extract', analysis: [37, 11, 6, 8, 7.4, 1.1, 0.95, 348], claims: ['Neutered', 'Weight Control'], pack: ['1.5 kg', 1.5, 35900] },
    { code: 'hairball', name: 'Hairball Control Chicken', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Dried chicken (32%), rice, wheat gluten, chicken fat, powdered cellulose (5%), malt extract, psyllium, beet pulp, salmon oil', analysis: [34, 14, 7, 8, 7, 1.1, 0.95, 359], claims: ['Hairball Control', 'Indoor'], pack: ['1.5 kg', 1.5, 29900] },
    { code: 'urinary-duck', name: 'Urinary Balance Duck', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Duck (24%), dried duck (20%), tapioca, pea protein, duck fat, cranberry (1%), bearberry leaf, ammonium chloride, psyllium, salmon oil', analysis: [36, 14, 4, 8, 7, 0.9, 0.8, 372], claims: ['Urinary', 'Grain-Free'], pack: ['1.5 kg', 1.5, 38900] },
    { code: 'dental-chicken', name: 'Dental Crunch Chicken', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Dried chicken (30%), rice, corn gluten meal, chicken fat, powdered cellulose, sodium hexametaphosphate, seaweed, parsley, green tea extract', analysis: [33, 14, 5, 8, 7.4, 1.1, 0.95, 366], claims: ['Dental'], pack: ['1.5 kg', 1.5, 31900] },
    { code: 'sensitive-rabbit', name: 'Sensitive Skin Rabbit & Tapioca', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Dried rabbit (34%), tapioca (24%), pumpkin, sunflower oil, coconut oil, linseed, biotin, zinc chelate, fructo-oligosaccharides', analysis: [34, 15, 3.6, 8, 7.4, 1.2, 1, 381], claims: ['Hypoallergenic', 'Skin & Coat', 'Limited Ingredient Diet', 'Grain-Free'], pack: ['1.5 kg', 1.5, 46900] },
    { code: 'senior-kidney', name: 'Senior 11+ Cod Kidney & Joint', species: 'CAT', form: 'DRY', stage: 'SENIOR', label: 'Cod (26%), rice, dried cod (16%), sweet potato, salmon oil (3%), egg, green-lipped mussel, glucosamine, potassium citrate, astaxanthin', analysis: [31, 15, 3, 8, 5.8, 0.8, 0.6, 384], claims: ['Senior', 'Low phosphorus', 'Kidney Care', 'Joint'], pack: ['1.5 kg', 1.5, 39900] },
    { code: 'can-chicken', name: 'Chicken & Crab Stick Can', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Chicken (48%), chicken broth (42%), crab stick (4%) [white fish, egg white, wheat starch], tapioca starch', analysis: [12, 1.5, 0.3, 84, 1.4, 0.15, 0.15, 66], pack: ['80 g x 24', 1.92, 33600] },
    { code: 'can-tuna-pumpkin', name: 'Tuna & Pumpkin Can', species: 'CAT', form: 'WET', stage: 'ALL', label: 'Tuna (54%), fish broth (36%), pumpkin (5%), rice bran oil, tapioca starch', analysis: [12.5, 2, 0.4, 82, 1.5, 0.15, 0.15, 74], pack: ['80 g x 24', 1.92, 34800] },
    { code: 'mousse-duck', name: 'Duck Mousse for Neutered Cats', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Duck (50%), duck broth (36%), duck liver (6%), pea fibre (1.5%), psyllium (0.5%), cranberry, sunflower oil', analysis: [10.5, 4, 1.2, 80, 1.8, 0.25, 0.2, 84], claims: ['Neutered', 'Grain-Free', 'Weight Control'], pack: ['80 g x 24', 1.92, 38400] },
  ],
}
