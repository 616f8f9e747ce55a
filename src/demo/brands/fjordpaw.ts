import type { DemoBrand } from '../food.ts'

/** Nordic, fish first; sold in Europe and brought in by one shop. */
export const fjordpaw: DemoBrand = {
  key: 'fjordpaw',
  brandName: 'Fjordpaw',
  market: 'NO',
  soldAt: ['BRAND', 'NAVER', 'OTHER'],
  premix: {
    DRY: 'minerals, vitamins, taurine, dried kelp (Ascophyllum nodosum) 0.4%, yeast extract (source of mannan-oligosaccharides and beta-glucans), antioxidant: tocopherol-rich extracts of natural origin',
    WET: 'minerals, vitamins, dried kelp 0.1%',
  },
  foods: [
    { code: 'dog-herring-oats', name: 'Adult Herring & Oats', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Herring meal 24%, fresh herring 16%, oats 22%, oat groats, potato, rapeseed oil, herring oil 3%, dried beet pulp, lingonberry 0.5%', analysis: [27, 15, 3, 8, 8, 1.5, 1.1, 381], claims: ['Chicken-Free', 'Natural', 'Omega-3'], pack: ['3 kg', 3, 62000] },
    { code: 'dog-puppy-salmon', name: 'Puppy Salmon & Potato', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Fresh salmon 28%, salmon meal 20%, potato 20%, pea starch, salmon oil 6%, pea protein, dried apple, lingonberry, chicory inulin 0.5%', analysis: [30, 17, 2.6, 8, 8, 1.4, 1.1, 395], claims: ['Grain-Free', 'Chicken-Free', 'DHA'], pack: ['3 kg', 3, 69000] },
    { code: 'dog-large-puppy', name: 'Large Breed Puppy Cod & Barley', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Cod 26%, cod meal 18%, barley 24%, oats, salmon oil 4%, dried beet pulp, green-lipped mussel powder 0.3%, glucosamine 0.1%, chondroitin sulphate 0.05%, bilberry', analysis: [27, 13, 3, 8, 7.2, 1.15, 0.9, 366], claims: ['Controlled calcium', 'Joint Support', 'Chicken-Free'], breedSize: 'Large & giant breeds', pack: ['10 kg', 10, 148000] },
    { code: 'dog-senior-haddock', name: 'Senior Haddock & Green-Lipped Mussel', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'Haddock 27%, white fish meal 14%, oats 24%, potato, rapeseed oil, green-lipped mussel powder 1%, MSM, glucosamine 0.15%, chondroitin sulphate 0.1%, rosehip', analysis: [25, 10, 3.4, 8, 7, 1.2, 0.9, 350], claims: ['Joint Care', 'Chicken-Free'], pack: ['3 kg', 3, 66000] },
    { code: 'dog-weight', name: 'Slim Saithe & Barley', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Saithe meal 22%, fresh saithe 14%, barley 25%, oat bran 10%, pea fibre, rapeseed oil, L-carnitine, psyllium 1%', analysis: [29, 8, 7.5, 8, 7.8, 1.4, 1, 318], claims: ['Weight Control', 'Chicken-Free'], pack: ['3 kg', 3, 59000] },
    { code: 'cat-salmon-trout', name: 'Cat Salmon & Trout', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Fresh salmon 25%, salmon meal 22%, trout 10%, potato starch, pea protein, salmon oil 5%, dried egg, cranberry, psyllium', analysis: [38, 18, 2.2, 8, 8, 1.3, 1.1, 401], claims: ['Grain-Free', 'High-Protein'], pack: ['1.5 kg', 1.5, 42000] },
    { code: 'cat-kitten-cod', name: 'Kitten Cod & Rice', species: 'CAT', form: 'DRY', stage: 'PUPPY', label: 'Cod 30%, white fish meal 24%, rice 16%, pork fat, salmon oil 4%, dried egg 3%, beet pulp, lingonberry', analysis: [37, 19, 2, 8, 7.8, 1.3, 1.1, 408], claims: ['DHA'], pack: ['1.5 kg', 1.5, 41000] },
    { code: 'cat-pouch-coley', name: 'Cat Coley in Broth', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Coley 55%, fish broth 38%, tapioca starch, sunflower oil, taurine', analysis: [12, 1.6, 0.3, 84, 1.4, 0.2, 0.18, 66], claims: ['Grain-Free', 'Low fat'], pack: ['70 g x 24', 1.68, 46800] },
    { code: 'cat-tin-sardine', name: 'Cat Sardine & Mackerel Pâté', species: 'CAT', form: 'WET', stage: 'ALL', label: 'Sardine 40%, mackerel 24%, fish broth 30%, potato flakes, taurine', analysis: [12.5, 7, 0.4, 76, 2.4, 0.4, 0.3, 112], pack: ['200 g x 12', 2.4, 49200] },
    { code: 'dog-tin-salmon', name: 'Dog Salmon & Carrot Tin', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Salmon 50%, fish broth 30%, carrot 8%, oat flakes 4%, rapeseed oil, parsley', analysis: [10.5, 6.8, 0.7, 77, 2, 0.35, 0.25, 110], claims: ['Chicken-Free'], pack: ['400 g x 6', 2.4, 39600] },
  ],
}
