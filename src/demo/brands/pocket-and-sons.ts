import type { DemoBrand } from '../food.ts'

/** Toy and small dogs only. */
export const pocketAndSons: DemoBrand = {
  key: 'pocket-and-sons',
  brandName: 'Pocket & Sons',
  market: 'KR',
  soldAt: ['NAVER', 'COUPANG', 'BRAND'],
  premix: {
    DRY: 'mineral mixture (calcium, iron, zinc, copper, iodine), vitamin mixture (A, D3, E, B group, biotin), natural antioxidant (rosemary)',
    WET: 'mineral mixture, vitamin mixture, xanthan gum',
  },
  foods: [
    { code: 'puppy', name: 'Tiny Puppy Turkey & Rice', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Turkey (26%), dried turkey (20%), rice, turkey fat, dried egg, beet pulp, krill oil, milk calcium, colostrum powder, blueberry', analysis: [31, 19, 2.4, 8, 7, 1.3, 1, 407], claims: ['DHA', 'Immune'], breedSize: 'Toy & small breeds', pack: ['1.2 kg', 1.2, 28900] },
    { code: 'adult-venison', name: 'Tiny Adult Venison & Potato', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Venison (24%), venison meal (18%), potato, tapioca, sunflower oil, peas, linseed, sea buckthorn, chicory inulin', analysis: [27, 15, 3, 8, 7.4, 1.3, 1, 382], claims: ['Grain-Free', 'Chicken-Free', 'Hypoallergenic'], breedSize: 'Toy & small breeds', pack: ['1.2 kg', 1.2, 34900] },
    { code: 'adult-salmon-skin', name: 'Tiny Adult Salmon Coat & Tear Care', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Salmon (30%), salmon meal (16%), sweet potato, chickpea, salmon oil (4%), marigold extract (lutein), bilberry, biotin, perilla oil', analysis: [28, 16, 3, 8, 7.6, 1.3, 1, 388], claims: ['Skin & Coat', 'Grain-Free', 'Chicken-Free'], breedSize: 'Small breeds', pack: ['1.2 kg', 1.2, 32900] },
    { code: 'adult-dental', name: 'Tiny Adult Dental Lamb', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Lamb meal (24%), rice, barley, lamb fat, powdered cellulose, sodium hexametaphosphate, seaweed (Ascophyllum nodosum), parsley, peppermint', analysis: [25, 13, 4.5, 8, 8, 1.4, 1, 359], claims: ['Dental', 'Chicken-Free'], breedSize: 'Toy & small breeds', pack: ['1.2 kg', 1.2, 29900] },
    { code: 'adult-slim', name: 'Tiny Adult Neutered Slim Chicken', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Dried chicken (30%), barley, oats, pea fibre, powdered cellulose, chicken fat, L-carnitine, psyllium, cranberry', analysis: [30, 9, 7, 8, 7, 1.1, 0.9, 327], claims: ['Weight Control', 'Neutered'], breedSize: 'Small breeds', pack: ['1.2 kg', 1.2, 27900] },
    { code: 'adult-patella', name: 'Tiny Adult Patella Joint Pork', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Fresh pork (26%), dried pork protein (16%), oats, rice, pork fat, green-lipped mussel (1%), glucosamine, chondroitin, MSM, boswellia', analysis: [27, 14, 3, 8, 7, 1.2, 0.9, 376], claims: ['Joint Care', 'Chicken-Free'], breedSize: 'Toy & small breeds', pack: ['1.2 kg', 1.2, 33900] },
    { code: 'senior-heart', name: 'Tiny Senior White Fish Heart & Eye', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'White fish (28%), white fish meal (12%), rice, oats, fish oil (2%), taurine, L-carnitine, coenzyme Q10, marigold extract (lutein), bilberry', analysis: [25, 11, 3.6, 8, 6.6, 1, 0.8, 357], claims: ['Senior', 'Heart', 'Chicken-Free'], breedSize: 'Toy & small breeds', pack: ['1.2 kg', 1.2, 34900] },
    { code: 'tray-duck', name: 'Tiny Tray Duck & Pear', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Duck (52%), duck broth (30%), duck heart (6%), pear (4%), potato starch, linseed oil', analysis: [10, 6, 0.5, 78, 1.8, 0.3, 0.25, 106], claims: ['Grain-Free', 'Chicken-Free'], breedSize: 'Small breeds', pack: ['85 g x 16', 1.36, 32900] },
    { code: 'tray-tuna', name: 'Tiny Tray Tuna & Cheese', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Tuna (44%), water, chicken breast (12%), cheese (4%), tapioca starch, sunflower oil', analysis: [11, 3, 0.3, 82, 1.6, 0.25, 0.2, 78], breedSize: 'Small breeds', pack: ['85 g x 16', 1.36, 29900] },
  ],
}
