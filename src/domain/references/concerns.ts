import type { HealthConcern } from '../codes.ts'
import { AAFCO, type Minimum } from './nutrient-profiles.ts'
import type { Audience, Reference } from './reference.ts'

type Entry = Omit<Reference, 'subject' | 'audience'>

const on = (concern: HealthConcern, entry: Entry, audience: Audience = {}): Reference => ({ ...entry, subject: { kind: 'concern', concern }, audience })

const AAHA_WEIGHT = 'AAHA Nutrition and Weight Management Guidelines for Dogs and Cats, 2021'
const AAHA_DIABETES = 'AAHA Diabetes Management Guidelines for Dogs and Cats, 2018'
const AAHA_PAIN = 'AAHA Pain Management Guidelines for Dogs and Cats, 2022'

/** Of skin and coat, nutrient-profiles.ts has the reference. */
export const CONCERN_REFERENCES: readonly Reference[] = [
  on('OBESITY', {
    id: 'CONCERN_OBESITY', title: 'Weight loss', source: AAHA_WEIGHT, keywords: 'obesity overweight weight control energy diet slim',
    excerpt: 'A pet loses weight only while it takes in less energy than it uses, so the measured amount matters as much as the food.',
    korean: '섭취하는 열량이 소비하는 열량보다 적어야 체중이 줄기 때문에, 사료만큼이나 정확한 급여량이 중요합니다.',
  }),
  on('DIABETES', {
    id: 'CONCERN_DIABETES_CAT', title: 'Diet of cats with diabetes', source: AAHA_DIABETES, keywords: 'diabetes glucose insulin carbohydrate protein',
    excerpt: 'For cats with diabetes a food high in protein and low in carbohydrate is recommended.',
    korean: '당뇨가 있는 고양이에게는 단백질이 많고 탄수화물이 적은 사료가 권장됩니다.',
  }, { species: 'CAT' }),
  on('DIABETES', {
    id: 'CONCERN_DIABETES_DOG', title: 'Diet of dogs with diabetes', source: AAHA_DIABETES, keywords: 'diabetes glucose insulin meal time',
    excerpt: 'For dogs with diabetes it matters most that the same food comes in the same amount at the same times, fitted to the insulin.',
    korean: '당뇨가 있는 강아지는 인슐린에 맞추어 같은 사료를 같은 양, 같은 시간에 먹는 것이 가장 중요합니다.',
  }, { species: 'DOG' }),
  on('SKIN_ALLERGY', {
    id: 'CONCERN_SKIN_ALLERGY', title: 'Duration of elimination diets', source: 'Olivry T, Mueller RS, Prélaud P. BMC Veterinary Research 2015, 11:225',
    keywords: 'skin allergy itch hypoallergenic hydrolysed novel protein elimination',
    excerpt: 'Whether a food causes the itch is shown by an elimination diet of several weeks and a challenge with the old food after it.',
    korean: '가려움의 원인이 사료인지는 몇 주간의 제한식과 이후 기존 사료의 재급여로 확인합니다.',
  }),
  on('JOINT', {
    id: 'CONCERN_JOINT_WEIGHT', title: 'Weight and osteoarthritis', source: AAHA_PAIN, keywords: 'joint hip mobility arthritis weight lean',
    excerpt: 'Keeping a pet lean relieves its joints and belongs to every treatment of osteoarthritis.',
    korean: '적정 체중을 유지하면 관절의 부담이 줄며, 이는 모든 골관절염 관리의 기본입니다.',
  }),
  on('JOINT', {
    id: 'CONCERN_JOINT_OMEGA', title: 'Omega-3 fatty acids and osteoarthritis', source: AAHA_PAIN, keywords: 'joint hip mobility arthritis omega fish oil EPA DHA salmon',
    excerpt: 'Foods enriched with the fatty acids EPA and DHA are among the dietary measures for osteoarthritis.',
    korean: 'EPA와 DHA 지방산을 강화한 사료는 골관절염의 식이 관리 방법 중 하나입니다.',
  }),
  on('DIGESTIVE', {
    id: 'CONCERN_DIGESTIVE', title: 'Fibre in the food of dogs and cats', source: 'National Research Council, Nutrient Requirements of Dogs and Cats',
    keywords: 'digestion digestive stomach gut fibre prebiotic probiotic stool',
    excerpt: 'Dogs and cats need no fibre as such, yet its kind and amount change the stool and what lives in the gut.',
    korean: '강아지와 고양이에게 섬유질이 필수는 아니지만, 그 종류와 양은 변 상태와 장내 환경에 영향을 줍니다.',
  }),
  on('URINARY', {
    id: 'CONCERN_URINARY', title: 'Treatment and prevention of uroliths', source: 'ACVIM Small Animal Consensus Recommendations, 2016',
    keywords: 'urinary stones struvite oxalate water wet moisture',
    excerpt: 'More water, as a moist food brings it, dilutes the urine and is advised against urinary stones of every kind.',
    korean: '습식 사료처럼 수분 섭취를 늘리면 소변이 희석되며, 이는 모든 종류의 요로결석 예방에 권장됩니다.',
  }),
  on('KIDNEY', {
    id: 'CONCERN_KIDNEY', title: 'Treatment of chronic kidney disease', source: 'International Renal Interest Society (IRIS), treatment recommendations',
    keywords: 'kidney renal phosphorus phosphate restricted',
    excerpt: 'In chronic kidney disease phosphate is to be kept low, first of all by a renal diet.',
    korean: '만성 신장 질환에서는 신장 처방식을 통해 인 수치를 낮게 유지하는 것이 우선입니다.',
  }),
  on('HEART', {
    id: 'CONCERN_HEART_CAT', title: 'Taurine and the heart muscle of cats', source: 'Pion PD, Kittleson MD, Rogers QR, Morris JG. Science 1987, 237:764',
    keywords: 'heart cardiac taurine',
    excerpt: 'A cat that gets too little taurine may fall ill of its heart muscle (dilated cardiomyopathy).',
    korean: '타우린이 부족한 고양이는 심장 근육 질환(확장성 심근병증)에 걸릴 수 있습니다.',
  }, { species: 'CAT' }),
  on('HEART', {
    id: 'CONCERN_HEART_DOG', title: 'Myxomatous mitral valve disease in dogs', source: 'ACVIM consensus guidelines, 2019', keywords: 'heart cardiac sodium salt protein',
    excerpt: 'With heart disease, salty foods and treats are to be avoided and a dog should still eat enough energy and protein.',
    korean: '심장 질환이 있으면 짠 사료와 간식은 피하되, 열량과 단백질은 충분히 섭취해야 합니다.',
  }, { species: 'DOG' }),
  on('DENTAL', {
    id: 'CONCERN_DENTAL', title: 'Home dental care', source: 'AAHA Dental Care Guidelines for Dogs and Cats, 2019', keywords: 'dental teeth tartar plaque oral VOHC brushing',
    excerpt: 'Brushing each day is the best care of the teeth; foods that were shown to help carry the VOHC seal.',
    korean: '매일 양치질하는 것이 가장 좋은 치아 관리이며, 효과가 확인된 사료에는 VOHC 마크가 표시됩니다.',
  }),
  on('IMMUNE', {
    id: 'CONCERN_IMMUNE_DOG', title: 'AAFCO nutrient profiles for dogs: vitamin E', source: AAFCO, keywords: 'immune immunity antioxidant vitamin',
    excerpt: 'Vitamin E protects the cells of the body; AAFCO asks of food for dogs at least 50 IU in each kg of dry matter.',
    korean: '비타민 E는 몸의 세포를 보호하며, AAFCO의 강아지 사료 최소 기준은 건물 kg당 50IU입니다.',
  }, { species: 'DOG' }),
  on('IMMUNE', {
    id: 'CONCERN_IMMUNE_CAT', title: 'AAFCO nutrient profiles for cats: vitamin E', source: AAFCO, keywords: 'immune immunity antioxidant vitamin',
    excerpt: 'Vitamin E protects the cells of the body; AAFCO asks of food for cats at least 40 IU in each kg of dry matter.',
    korean: '비타민 E는 몸의 세포를 보호하며, AAFCO의 고양이 사료 최소 기준은 건물 kg당 40IU입니다.',
  }, { species: 'CAT' }),
  on('EYE', {
    id: 'CONCERN_EYE_DOG', title: 'AAFCO nutrient profiles for dogs: vitamin A', source: AAFCO, keywords: 'eye sight vision vitamin',
    excerpt: 'Sight needs vitamin A; AAFCO asks of food for dogs at least 5,000 IU in each kg of dry matter.',
    korean: '시력에는 비타민 A가 필요하며, AAFCO의 강아지 사료 최소 기준은 건물 kg당 5,000IU입니다.',
  }, { species: 'DOG' }),
  on('EYE', {
    id: 'CONCERN_EYE_CAT', title: 'Taurine and the retina of cats', source: 'Hayes KC, Carey RE, Schmidt SY. Science 1975, 188:949', keywords: 'eye sight vision taurine retina',
    excerpt: 'The retina of a cat degenerates where its food lacks taurine.',
    korean: '사료에 타우린이 부족하면 고양이의 망막이 퇴화합니다.',
  }, { species: 'CAT' }),
  on('RESPIRATORY', {
    id: 'CONCERN_RESPIRATORY', title: 'Diseases that go along with excess weight', source: AAHA_WEIGHT, keywords: 'respiratory breathing airway weight flat faced',
    excerpt: 'Excess weight makes breathing harder, so a lean body is the best that food can do for it.',
    korean: '과체중은 호흡을 더 힘들게 하므로, 적정 체중을 유지하는 것이 식이로 할 수 있는 최선의 관리입니다.',
  }),
]

/** The figures above, to be checked against the published tables; IU per kg of dry matter. */
export const VITAMIN_MINIMA: readonly Minimum[] = [
  { profile: 'AAFCO_DOG_ADULT', nutrient: 'vitaminE', value: 50 },
  { profile: 'AAFCO_DOG_GROWTH', nutrient: 'vitaminE', value: 50 },
  { profile: 'AAFCO_CAT_ADULT', nutrient: 'vitaminE', value: 40 },
  { profile: 'AAFCO_CAT_GROWTH', nutrient: 'vitaminE', value: 40 },
  { profile: 'AAFCO_DOG_ADULT', nutrient: 'vitaminA', value: 5000 },
  { profile: 'AAFCO_DOG_GROWTH', nutrient: 'vitaminA', value: 5000 },
]
