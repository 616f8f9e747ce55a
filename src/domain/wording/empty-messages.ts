import type { EmptyReason, Locale } from '../codes.ts'

const MESSAGES: Record<EmptyReason, Record<Locale, string>> = {
  NO_PRODUCTS: { EN: 'There are no products to recommend yet.', KO: '아직 추천할 수 있는 제품이 없습니다.' },
  NO_SPECIES_MATCH: { EN: 'There is no food for this kind of pet yet.', KO: '아직 이 반려동물의 종에 맞는 사료가 없습니다.' },
  ALL_UNSAFE: {
    EN: 'Every food contains something your pet must avoid. Please check the registered allergies.',
    KO: '모든 사료에 반려동물이 피해야 하는 성분이 들어 있습니다. 등록된 알레르기 정보를 확인해 주세요.',
  },
  OVER_BUDGET: {
    EN: 'Every suitable food is over the monthly budget. A higher budget will show more.',
    KO: '적합한 사료가 모두 월 예산을 넘습니다. 예산을 높이면 더 많은 사료를 볼 수 있습니다.',
  },
  NO_MATCH: { EN: 'No food matches what you asked for.', KO: '조건에 맞는 사료를 찾지 못했습니다.' },
}

export const emptyMessage = (reason: EmptyReason, locale: Locale): string => MESSAGES[reason][locale]
