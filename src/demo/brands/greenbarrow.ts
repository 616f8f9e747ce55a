import type { DemoBrand } from '../food.ts'

/** Rare proteins, insects and plants, for sensitive eaters. */
export const greenbarrow: DemoBrand = {
  key: 'greenbarrow',
  brandName: 'Greenbarrow Farm',
  market: 'NL',
  soldAt: ['BRAND', 'COUPANG', 'OTHER'],
  premix: {
    DRY: 'minerals (zinc, iron, manganese, copper, iodine, selenium), vitamins (A, D3, E, B-complex), inulin, yucca extract, tocopherol extracts from vegetable oils',
    WET: 'minerals, vitamins, inulin',
  },
  foods: [
    { code: 'dog-insect', name: 'Insect & Lupin Adult Dog', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Black soldier fly larvae meal 26%, sweet lupin 16%, dried sweet potato, tapioca, coconut oil, sunflower oil, apple fibre, algae (source of DHA) 0.5%, rosehip', analysis: [25, 13, 4.5, 9, 6.4, 1.1, 0.85, 358], claims: ['Hypoallergenic', 'Grain-Free', 'Chicken-Free'], pack: ['2 kg', 2, 48000] },
    { code: 'dog-insect-puppy', name: 'Insect & Oat Puppy', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Black soldier fly larvae meal 30%, oats 24%, pea protein, rice, rapeseed oil, coconut oil, algae (source of DHA) 1%, brewer\'s yeast, apple fibre', analysis: [28, 15, 3.6, 9, 6.6, 1.25, 0.95, 377], claims: ['Hypoallergenic', 'Chicken-Free', 'DHA'], pack: ['2 kg', 2, 52000] },
    { code: 'dog-goat', name: 'Goat & Millet Adult Dog', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Fresh goat 26%, dried goat 18%, millet 22%, sorghum, sunflower oil, chickpeas, pear, linseed, thyme', analysis: [25, 13, 3.6, 9, 7.2, 1.3, 1, 366], claims: ['Limited Ingredient Diet', 'Chicken-Free', 'Natural'], pack: ['2 kg', 2, 54000] },
    { code: 'dog-plant', name: 'Plants Only Adult Dog', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Peas 24%, oats 20%, pea protein, potato protein, brown rice, sunflower oil, brewer\'s yeast, linseed, algae, L-carnitine, taurine, DL-methionine', analysis: [25, 11, 5, 9, 6, 1, 0.8, 352], claims: ['Vegetarian', 'Chicken-Free'], pack: ['2 kg', 2, 42000] },
    { code: 'dog-rabbit-senior', name: 'Rabbit & Parsnip Senior Dog', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'Fresh rabbit 26%, dried rabbit 16%, parsnip 12%, buckwheat, tapioca, sunflower oil, glucosamine, chondroitin, MSM, nettle, turmeric', analysis: [24, 10, 4.4, 9, 6.8, 1.1, 0.85, 345], claims: ['Joint', 'Senior', 'Limited Ingredient Diet', 'Chicken-Free'], pack: ['2 kg', 2, 56000] },
    { code: 'dog-pheasant', name: 'Pheasant & Buckwheat Adult Dog', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Fresh pheasant 22%, dried pheasant 16%, buckwheat 20%, eggplant 2%, quinoa, sunflower oil, coconut milk powder 1%, linseed, sage', analysis: [25, 13, 3.8, 9, 6.8, 1.2, 0.9, 366], claims: ['Natural', 'No Corn No Wheat No Soy'], pack: ['2 kg', 2, 58000] },
    { code: 'dog-tin-goat', name: 'Goat & Carrot Tin for Dogs', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Goat 62%, goat broth 26%, carrot 8%, linseed oil', analysis: [10.5, 6, 0.7, 78, 2, 0.35, 0.28, 106], claims: ['Single animal protein', 'Grain-Free', 'Chicken-Free'], pack: ['400 g x 6', 2.4, 46000] },
    { code: 'cat-insect', name: 'Insect & Egg Adult Cat', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Black soldier fly larvae meal 34%, dried egg 8%, tapioca, pea protein, coconut oil, rapeseed oil, algae, cranberry, taurine', analysis: [36, 16, 4, 9, 6.8, 1.1, 0.9, 386], claims: ['Hypoallergenic', 'Grain-Free', 'Chicken-Free'], pack: ['1.5 kg', 1.5, 49000] },
    { code: 'cat-tin-goat', name: 'Goat & Liver Tin for Cats', species: 'CAT', form: 'WET', stage: 'ALL', label: 'Goat 58%, goat broth 28%, goat liver 8%, linseed oil, taurine', analysis: [11.5, 6.5, 0.3, 77, 2.1, 0.35, 0.28, 112], claims: ['Single animal protein', 'Grain-Free', 'Chicken-Free'], pack: ['200 g x 6', 1.2, 33000] },
    { code: 'cat-tin-veal', name: 'Veal & Pork Tin for Cats', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Veal 34%, pork 28%, veal broth 30%, pork liver 4%, salmon oil, taurine', analysis: [11, 7, 0.3, 76, 2.1, 0.3, 0.26, 118], claims: ['Grain-Free', 'Chicken-Free'], pack: ['200 g x 6', 1.2, 31000] },
  ],
}
