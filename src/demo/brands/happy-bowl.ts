import type { DemoBrand } from '../food.ts'

/** The cheapest shelf: colours, sugar, old preservatives. What the harmful-ingredient rules are for. */
export const happyBowl: DemoBrand = {
  key: 'happy-bowl',
  brandName: 'Happy Bowl Party',
  market: 'US',
  soldAt: ['COUPANG', 'OTHER'],
  premix: {
    DRY: 'Calcium Carbonate, Salt, Choline Chloride, Zinc Sulfate, Vitamin E Supplement, Niacin, Vitamin A Supplement, Copper Sulfate, Vitamin B12 Supplement, Vitamin D3 Supplement',
    WET: 'Salt, Guar Gum, Potassium Chloride, Zinc Sulfate, Vitamin E Supplement, Thiamine Mononitrate',
  },
  foods: [
    { code: 'dog-bites-beef', name: 'Beefy Bites Dry Dog Food', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Ground Yellow Corn, Meat and Bone Meal, Soybean Meal, Animal Fat (Preserved with BHA and Citric Acid), Corn Gluten Meal, Natural Flavor, Sugar, Red 40, Yellow 5, Blue 2', analysis: [21, 10, 4, 12, null, 1.4, 1, 338], pack: ['10 kg', 10, 32900] },
    { code: 'dog-tender-mix', name: 'Tender & Crunchy Chicken Flavor Dog Food', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Ground Whole Wheat, Corn Gluten Meal, Meat and Bone Meal, Soybean Meal, Beef Fat Preserved with BHT, Glycerin, Propylene Glycol, Corn Syrup, Artificial Chicken Flavor, Salt, Yellow 6', analysis: [20, 9, 4, 16, null, 1.2, 0.9, 322], pack: ['7 kg', 7, 27900] },
    { code: 'dog-puppy', name: 'Puppy Bites with Milk Flavor', species: 'DOG', form: 'DRY', stage: 'PUPPY', label: 'Ground Yellow Corn, Chicken By-Product Meal, Soybean Meal, Whole Wheat, Animal Fat (Preserved with BHA), Dried Whey, Dried Skimmed Milk, Artificial Milk Flavor, Yellow 5', analysis: [26, 11, 4, 12, null, 1.3, 1, 349], pack: ['5 kg', 5, 21900] },
    { code: 'dog-small', name: 'Little Bites Bacon Flavor', species: 'DOG', form: 'DRY', stage: 'ADULT', label: 'Ground Yellow Corn, Corn Gluten Meal, Chicken By-Product Meal, Pork Fat (Preserved with BHA/BHT), Soybean Hulls, Artificial Bacon Flavor, Sugar, Titanium Dioxide, Red 40', analysis: [22, 11, 4.5, 12, null, 1.3, 1, 343], breedSize: 'Toy & small breeds', pack: ['3 kg', 3, 14900] },
    { code: 'cat-mix', name: 'Ocean Party Mix Dry Cat Food', species: 'CAT', form: 'DRY', stage: 'ADULT', label: 'Ground Yellow Corn, Corn Gluten Meal, Chicken By-Product Meal, Soybean Meal, Beef Tallow (Preserved with BHA), Fish Meal (Preserved with Ethoxyquin), Brewers Dried Yeast, Phosphoric Acid, Red 40, Yellow 5, Blue 2, Taurine', analysis: [30, 11, 4, 12, null, 1.2, 1, 353], pack: ['6 kg', 6, 25900] },
    { code: 'cat-moist', name: 'Soft Kitty Morsels Tuna Flavor', species: 'CAT', form: 'OTHER', stage: 'ADULT', label: 'Soy Grits, Chicken By-Products, Corn Syrup, Propylene Glycol, Wheat Flour, Animal Digest, Artificial Tuna Flavor, Caramel Color, Salt, BHA, Taurine', analysis: [23, 9, 3, 30, null, null, null, 285], pack: ['1.5 kg', 1.5, 9900] },
    { code: 'cat-can-seafood', name: 'Seafood Party Canned Cat Food', species: 'CAT', form: 'WET', stage: 'ADULT', label: 'Fish Broth, Ocean Fish, Meat By-Products, Poultry Giblets, Wheat Gluten, Soy Flour, Artificial and Natural Flavors, Red 3, Sodium Nitrite (to promote color retention), Taurine', analysis: [10, 3.5, 1, 80, null, null, null, 81], pack: ['156 g x 24', 3.74, 26900] },
    { code: 'dog-can-stew', name: 'Backyard BBQ Stew Canned Dog Food', species: 'DOG', form: 'WET', stage: 'ADULT', label: 'Water Sufficient for Processing, Chicken, Wheat Gluten, Beef, Soy Flour, Corn Starch, Sugar, Artificial Smoke Flavor, Caramel Color, Red 40', analysis: [8, 3, 1, 82, null, null, null, 75], pack: ['375 g x 12', 4.5, 23900] },
    { code: 'dog-value', name: 'Party Time Value Chunks', species: 'DOG', form: 'DRY', stage: null, label: 'Corn, Wheat Middlings, Meat and Bone Meal, Animal Fat (BHA used as a preservative), Rice Bran, Salt (1.8%), Animal Digest, Red 40', analysis: [18, 8, 5, 12, null, null, null, null], pack: ['15 kg', 15, 34900], discontinued: true },
  ],
}
