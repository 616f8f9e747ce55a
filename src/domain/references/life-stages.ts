import { AAFCO } from './nutrient-profiles.ts'
import { GROWING, type Reference } from './reference.ts'

const ANY = ['LIFE_STAGE_MATCH', 'LIFE_STAGE_ALL', 'LIFE_STAGE_OTHER', 'LIFE_STAGE_UNKNOWN'] as const

export const LIFE_STAGE_REFERENCES: readonly Reference[] = [
  {
    id: 'STAGE_GROWTH', subject: { kind: 'life-stage', toldOf: ANY }, audience: { stages: GROWING }, title: 'AAFCO nutrient profiles: growth', source: AAFCO,
    keywords: 'life stage growing puppy kitten growth complete',
    excerpt: 'While it grows, a pet needs a food that is complete for growth; one for adults only need not hold enough.',
    korean: '성장기에는 성장기용 완전사료가 필요하며, 성년용 사료만으로는 영양이 부족할 수 있습니다.',
  },
  {
    id: 'STAGE_ADULT', subject: { kind: 'life-stage', toldOf: ['LIFE_STAGE_ALL'] }, audience: { stages: ['ADULT'] }, title: 'AAFCO nutrient profiles: all life stages', source: AAFCO,
    keywords: 'life stage adult maintenance all complete',
    excerpt: 'A food for all life stages meets the higher demands of growth and so covers an adult as well.',
    korean: '전 연령용 사료는 더 높은 성장기 기준을 충족하므로 성년기에도 급여할 수 있습니다.',
  },
  {
    id: 'STAGE_SENIOR', subject: { kind: 'life-stage', toldOf: ANY }, audience: { stages: ['SENIOR'] }, title: 'AAFCO nutrient profiles: no profile for seniors', source: AAFCO,
    keywords: 'life stage senior old age adult maintenance',
    excerpt: 'AAFCO has no profile of its own for seniors; what they need at least is what adults need.',
    korean: 'AAFCO에는 노령기를 위한 별도 기준이 없으며, 최소한 성년기 기준을 충족해야 합니다.',
  },
]
