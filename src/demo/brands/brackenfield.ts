import type { DemoBrand } from '../food.ts'

/** British supermarket shelf: groups instead of names ("derivatives"), small shares of what the front shows. */
export const brackenfield: DemoBrand = {
  key: 'brackenfield',
  brandName: 'Brackenfield',
  market: 'GB',
  soldAt: ['COUPANG', 'OTHER'],
  premix: { DRY: 'minerals, vitamins', WET: 'minerals' },
  foods: [
    { code: 'dog-complete-beef', name: 'Complete Beef & Vegetable', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Cereals (of which 4% whole grain wheat), meat and animal derivatives (20%, of which 4% beef), derivatives of vegetable origin, oils and fats, vegetables (4% peas), vegetable protein extracts', analysis: [21, 10, 3, 9, 8.5, 1.6, 1.1, 348], pack: ['10 kg', 10, 49900] },
    { code: 'dog-complete-chicken', name: 'Complete Chicken & Rice', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Cereals (4% rice), meat and animal derivatives (22%, of which 4% chicken), oils and fats, derivatives of vegetable origin (2% beet pulp), yeasts', analysis: [22, 11, 2.5, 9, 8, 1.5, 1.1, 354], pack: ['10 kg', 10, 51900] },
    { code: 'dog-puppy', name: 'Complete Puppy', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Meat and animal derivatives (26%, of which 4% chicken), cereals (of which 4% rice), oils and fats, milk and milk derivatives (1%), eggs and egg derivatives, derivatives of vegetable origin', analysis: [27, 13, 2.4, 9, 8, 1.5, 1.2, 371], pack: ['5 kg', 5, 33900] },
    { code: 'dog-chunks-jelly', name: 'Chunks in Jelly with Lamb', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Meat and animal derivatives (44%, of which 4% lamb), cereals, derivatives of vegetable origin, various sugars', analysis: [8, 5, 0.4, 81, 2.2, null, null, 82], pack: ['400 g x 12', 4.8, 27900] },
    { code: 'dog-chunks-gravy', name: 'Chunks in Gravy with Beef', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Meat and animal derivatives (40%, of which 4% beef), cereals, vegetable protein extracts, minerals, various sugars, colourants', analysis: [7.5, 4.5, 0.3, 82, 2, null, null, 77], pack: ['400 g x 12', 4.8, 26900] },
    { code: 'cat-complete-tuna', name: 'Cat Complete with Tuna', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Cereals, meat and animal derivatives (24%), vegetable protein extracts, oils and fats, fish and fish derivatives (4% tuna), yeasts, vegetables', analysis: [30, 10, 2.5, 8, 8, 1.4, 1.1, 355], pack: ['3 kg', 3, 21900] },
    { code: 'cat-complete-indoor', name: 'Cat Complete Indoor with Turkey', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Cereals, meat and animal derivatives (25%, of which 4% turkey), derivatives of vegetable origin (including 3% cellulose fibre), vegetable protein extracts, oils and fats, yucca', analysis: [31, 9, 5, 8, 7.5, 1.2, 1, 338], claims: ['Indoor', 'Hairball'], pack: ['3 kg', 3, 23900] },
    { code: 'cat-pouch-fish', name: 'Cat Fish Selection in Jelly', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Meat and animal derivatives, fish and fish derivatives (4% salmon), vegetable protein extracts, various sugars', analysis: [8.5, 4, 0.3, 82, 2, null, null, null], pack: ['100 g x 40', 4, 28900] },
    { code: 'cat-pouch-kitten', name: 'Kitten Pouches with Chicken', species: 'CAT', form: 'WET', stage: 'PUPPY', label: 'Meat and animal derivatives (42%, of which 4% chicken), fish and fish derivatives, milk and milk derivatives (0.5%), various sugars', analysis: [10, 5.5, 0.3, 80, 2.2, 0.4, 0.3, 91], pack: ['100 g x 12', 1.2, 11900] },
    { code: 'dog-senior', name: 'Complete Senior 7+ (old recipe)', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'Cereals, meat and animal derivatives (18%), derivatives of vegetable origin, oils and fats, glucosamine (200 mg/kg)', analysis: [19, 8, 4, 9, 7.5, 1.2, 0.9, 330], pack: ['10 kg', 10, 47900], discontinued: true },
  ],
}
