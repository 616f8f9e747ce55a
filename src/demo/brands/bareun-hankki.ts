import type { DemoBrand } from '../food.ts'

/** Labels in Korean, as most packs in the shops have them. */
export const bareunHankki: DemoBrand = {
  key: 'bareun-hankki',
  brandName: '바른한끼',
  market: 'KR',
  soldAt: ['NAVER', 'COUPANG'],
  premix: {
    DRY: '탄산칼슘, 인산칼슘, 염화콜린, 비타민 혼합제(비타민A, 비타민D3, 비타민E, 비오틴), 미네랄 혼합제(황산아연, 황산철, 황산구리), 토코페롤, 로즈마리추출물',
    WET: '한천, 타우린, 비타민E, 황산아연',
  },
  foods: [
    { code: 'dog-chicken', name: '강아지 닭고기와 현미', species: 'DOG', form: 'DRY', stage: 'ADULT', label: '닭고기(28%), 닭고기분(17%), 현미(18%), 보리, 닭지방, 비트펄프, 연어오일, 당근, 시금치, 프락토올리고당', analysis: [26, 14, 3.4, 9, 7, 1.2, 0.9, 372], claims: ['인공색소 무첨가'], pack: ['2 kg', 2, 26900] },
    { code: 'dog-lamb', name: '강아지 양고기와 감자', species: 'DOG', form: 'DRY', stage: 'ADULT', label: '양고기(30%), 양고기분(15%), 감자(20%), 완두콩, 해바라기유, 아마씨, 사과, 크랜베리, 이눌린', analysis: [25, 14, 3.6, 9, 7.4, 1.3, 1, 370], claims: ['그레인프리', '닭고기 무첨가'], pack: ['2 kg', 2, 31900] },
    { code: 'dog-salmon-joint', name: '노령견 연어 관절케어', species: 'DOG', form: 'DRY', stage: 'SENIOR', label: '연어(29%), 흰살생선분(14%), 귀리(20%), 고구마, 연어오일, 초록입홍합(1%), 글루코사민, 콘드로이틴황산, 강황, 블루베리', analysis: [25, 11, 4, 9, 7, 1.1, 0.85, 350], claims: ['관절 건강', '시니어'], pack: ['1.5 kg', 1.5, 32900] },
    { code: 'dog-duck-small', name: '소형견 오리고기 작은알갱이', species: 'DOG', form: 'DRY', stage: 'ADULT', label: '오리고기(31%), 오리고기분(13%), 타피오카, 고구마(15%), 병아리콩, 오리지방, 단호박, 미역, 유산균', analysis: [26, 15, 3.2, 9, 7, 1.2, 0.9, 379], claims: ['소형견', '그레인프리'], breedSize: 'Small breeds', pack: ['1.5 kg', 1.5, 27900] },
    { code: 'dog-insect', name: '강아지 동애등에 저알러지', species: 'DOG', form: 'DRY', stage: 'ADULT', label: '동애등에유충분(24%), 고구마(28%), 타피오카, 코코넛오일, 아마씨, 단호박, 해조류, 이눌린', analysis: [24, 12, 4, 9, 6.2, 1, 0.8, 356], claims: ['저알러지', '단일 단백질', '닭고기 무첨가'], pack: ['1.5 kg', 1.5, 38900] },
    { code: 'cat-tuna', name: '고양이 참치와 흰살생선', species: 'CAT', form: 'DRY', stage: 'ADULT', label: '참치(26%), 흰살생선분(22%), 쌀, 닭지방, 완두단백, 비트펄프, 크랜베리, 타우린, DL-메티오닌, 유카추출물', analysis: [34, 15, 3.2, 8, 7.4, 1.2, 1, 386], claims: ['헤어볼', '요로 건강'], pack: ['1.5 kg', 1.5, 25900] },
    { code: 'cat-kitten', name: '아기고양이 닭고기와 연어', species: 'CAT', form: 'DRY', stage: 'PUPPY', label: '닭고기(30%), 닭고기분(20%), 연어(8%), 쌀, 닭지방, 계란분말(3%), 연어오일, 타우린, 프락토올리고당', analysis: [38, 19, 2.4, 8, 7.6, 1.3, 1.1, 412], claims: ['DHA', '키튼'], pack: ['1.2 kg', 1.2, 24900] },
    { code: 'cat-pouch-chicken', name: '고양이 닭가슴살 파우치', species: 'CAT', form: 'WET', stage: 'ALL', label: '닭가슴살(52%), 닭육수(38%), 치즈(2%), 타피오카전분, 해바라기유', analysis: [11.5, 2.2, 0.3, 83, 1.5, 0.2, 0.2, 71], claims: ['무곡물'], pack: ['80 g x 24', 1.92, 31200] },
    { code: 'cat-pouch-mackerel', name: '고양이 고등어 파우치', species: 'CAT', form: 'WET', stage: 'ALL', label: '고등어(45%), 생선육수(40%), 흰살생선(6%), 타피오카전분, 해조류', analysis: [11, 3.4, 0.3, 82, 1.8, 0.25, 0.22, 79], pack: ['80 g x 24', 1.92, 29800] },
  ],
}
