import type { DemoBrand } from '../food.ts'

/** Large and giant dogs: big bags, controlled calcium, joints. */
export const ironoak: DemoBrand = {
  key: 'ironoak',
  brandName: 'Ironoak',
  market: 'DE',
  soldAt: ['COUPANG', 'BRAND'],
  premix: {
    DRY: 'monocalcium phosphate, sodium chloride, potassium chloride, yeast, dried mussel meat, thistle, artichoke, dandelion, nutritional additives per kg: vitamin A 12,000 I.U., vitamin D3 1,200 I.U., vitamin E 100 mg, iron 125 mg, zinc 130 mg, copper 12 mg, iodine 2.5 mg, selenium 0.2 mg',
    WET: 'minerals, nutritional additives per kg: vitamin D3 200 I.U., vitamin E 30 mg, zinc 15 mg',
  },
  foods: [
    { code: 'puppy-lamb', name: 'Giant Puppy Lamb & Rice', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Rice 28%, dried lamb 22%, barley, poultry protein (low ash, dried) 8%, beet fibre, lamb fat, apple pomace, rapeseed oil, linseed 1%, hydrolysed cartilage (source of glucosamine and chondroitin)', analysis: [25, 12, 3, 9, 6.8, 1.15, 0.85, 362], claims: ['Controlled calcium', 'Joint'], breedSize: 'Large & giant breeds', pack: ['12 kg', 12, 118000] },
    { code: 'puppy-salmon', name: 'Giant Puppy Salmon & Potato', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Dried potato 30%, dried salmon 24%, pea flour, fresh salmon 10%, beet fibre, salmon oil 3%, rapeseed oil, linseed, glucosamine 0.1%, chondroitin sulphate 0.05%', analysis: [26, 13, 3, 9, 7, 1.2, 0.9, 366], claims: ['Grain-Free', 'Chicken-Free', 'Joint', 'DHA'], breedSize: 'Large & giant breeds', pack: ['12 kg', 12, 139000] },
    { code: 'junior-beef', name: 'Large Junior Beef & Spelt', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Spelt 26%, dried beef 22%, fresh beef 12%, rice, beef fat, beet fibre, linseed, carrots, green-lipped mussel powder 0.4%', analysis: [26, 14, 2.8, 9, 7, 1.2, 0.9, 374], claims: ['Chicken-Free', 'Joint'], breedSize: 'Large breeds', pack: ['12 kg', 12, 129000] },
    { code: 'adult-poultry', name: 'Large Adult Poultry & Maize', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Maize, dried poultry 24%, wheat, poultry fat, greaves meal, beet fibre, hydrolysed poultry liver, rapeseed oil, egg powder, linseed', analysis: [24, 13, 2.6, 9, 6.8, 1.3, 0.95, 371], breedSize: 'Large breeds', pack: ['15 kg', 15, 89000] },
    { code: 'adult-lamb', name: 'Large Adult Lamb & Barley', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Barley 30%, dried lamb 23%, rice, lamb fat, apple pomace, beet fibre, rapeseed oil, linseed, glucosamine 0.1%, chondroitin sulphate 0.05%, yucca schidigera', analysis: [23, 12, 3.2, 9, 7.2, 1.3, 0.95, 358], claims: ['Joint', 'Chicken-Free'], breedSize: 'Large & giant breeds', pack: ['15 kg', 15, 119000] },
    { code: 'adult-buffalo', name: 'Large Adult Water Buffalo & Potato', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Dried potato 34%, dried water buffalo 24%, potato protein, beet fibre, sunflower oil, linseed, mussel powder, chicory inulin', analysis: [22, 12, 3.4, 9, 7, 1.3, 0.95, 356], claims: ['Single animal protein', 'Grain-Free', 'Chicken-Free', 'Hypoallergenic'], breedSize: 'Large & giant breeds', pack: ['12 kg', 12, 142000] },
    { code: 'adult-light', name: 'Large Light Ostrich & Oat Bran', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Oat bran 26%, dried ostrich 20%, barley, pea fibre 8%, beet fibre, sunflower oil, L-carnitine, psyllium, glucosamine 0.12%', analysis: [25, 7, 8, 9, 6.6, 1.2, 0.9, 312], claims: ['Weight Control', 'Joint', 'Chicken-Free'], breedSize: 'Large breeds', pack: ['12 kg', 12, 124000] },
    { code: 'senior-turkey', name: 'Large Senior Turkey & Rice', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: 'Rice 32%, dried turkey 20%, barley, turkey fat, beet fibre, salmon oil 1.5%, green-lipped mussel 0.6%, glucosamine 0.15%, chondroitin sulphate 0.1%, hawthorn, L-carnitine', analysis: [21, 10, 3.8, 9, 6.2, 1, 0.75, 344], claims: ['Senior', 'Joint Care'], breedSize: 'Large & giant breeds', pack: ['12 kg', 12, 121000] },
    { code: 'tin-horse', name: 'Large Tin Horse & Parsnip', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Horse meat 60%, horse broth 28%, parsnip 8%, calcium carbonate, linseed oil', analysis: [11, 5, 0.8, 78, 2, 0.4, 0.3, 99], claims: ['Single animal protein', 'Grain-Free', 'Chicken-Free', 'Hypoallergenic'], pack: ['800 g x 6', 4.8, 59000] },
  ],
}
