import type { DictionaryRow } from './dictionary.ts'
import { ANY_MEAT, CEREALS, harmless, named, PLANT_PROTEINS, POULTRY, related, unnamed } from './dictionary-rows.ts'

/**
 * Korean is matched by the syllable, spaces ignored, so a short word lies hidden in many others: 콩 (bean) in 땅콩
 * (peanut), 오리 (duck) in 오리지널 (original). The longer ones are listed beside it. A word in quotes counts only
 * where it stands alone: 밀 is wheat, and also how "meal" is spelt in 치킨밀 (chicken meal).
 */
export const KOREAN: readonly DictionaryRow[] = [
  named('meat', ['CHICKEN'], '닭, 닭고기, 닭가슴살, 계육, 치킨, 치킨밀, 닭고기밀, 닭밀, 영계, 토종닭'),
  harmless('plant', '닭의장풀'),
  named('meat', ['TURKEY'], '칠면조, 칠면조밀, "터키", 터키밀'),
  named('meat', ['DUCK'], '오리, 오리고기, 오리밀, 덕밀, "덕"'),
  harmless('other', '오리지널, 오리지날, 오리엔탈, 오리자놀, 오리가노, 오리브, 오리나무, 오리젠, 오리진, 아오리사과'),
  related('meat', ['DUCK'], '거위'),
  named('meat', ['BEEF'], '소고기, 쇠고기, 우육, 한우, 송아지, 소간, 소심장, 소폐, 소뼈, 소꼬리, 소가죽, 소힘줄, 소껍질, 소양, 비프, 비프밀, 우피, 우골, 우혈'),
  related('meat', ['BEEF'], '우지, 소지방, 소기름, 들소, 물소, 버팔로, 바이슨'),
  harmless('other', '채소, 효소, 소금, 산소, 요소, 탄소, 색소, 원소, 영양, 영양소, 염소가스'),
  named('meat', ['PORK'], '돼지, 돼지고기, 돈육, 돈피, 돈혈, 포크, 포크밀, 베이컨, 햄, 삼겹살, 멧돼지'),
  related('meat', ['PORK'], '돈지, 라드'),
  harmless('plant', '돼지감자, 돼지풀, 햄프, 햄프씨드, 햄스터, 콜라드'),
  named('meat', ['LAMB'], '양고기, 어린양, 면양, 양간, 양심장, 양폐, 양지방, 램고기, 램밀, "램", 머튼, 산양고기'),
  related('meat', ['LAMB'], '염소, 염소고기'),
  harmless('meat', '사슴, 사슴고기, 토끼, 토끼고기, 캥거루, 말고기, 메추리, 메추라기, 꿩, 타조, 비둘기'),

  named('fish', ['FISH'], '생선, 물고기, 굴비, 갈치, 어류, 어육, 어분, 흰살생선, 연어, 연어밀, 참치, 다랑어, 가다랑어, 가쓰오부시, 대구, 청어, 고등어, 정어리, 멸치, 송어, 명태, 황태, 북어, 동태'),
  named('fish', ['FISH'], '가자미, 광어, 넙치, 메기, 틸라피아, 장어, 도미, 농어, 민어, 숭어, 잉어, 상어, 가오리, 피쉬, 피쉬밀, 피시, 피시밀, 화이트피쉬, 꽁치, 삼치, 전갱이, 열빙어, 해덕, 어묵'),
  related('fish', ['FISH'], '어유, 간유, 어간유'),
  unnamed('fish', ['FISH'], '해산물, 해양단백'),
  harmless('shellfish', '새우, 게살, 크릴, 오징어, 문어, 홍합, "굴", 조개, 가리비, 바닷가재, 갑각류'),
  harmless('insect', '곤충, 귀뚜라미, 밀웜, 거저리, 동애등에'),

  named('egg', ['EGG'], '계란, 달걀, 난백, 난황, 전란, 에그, 메추리알, 오리알, 난단백'),
  related('dairy', ['DAIRY'], '유지방'),
  related('egg', ['EGG'], '난각, 난각막, 난각칼슘, 마요네즈'),
  harmless('plant', '에그플랜트'),
  named('dairy', ['DAIRY'], '우유, 산양유, 양유, 유청, 유청, 유단백, 유제품, 유당, 분유, 탈지분유, 전지분유, 초유, 연유, 밀크, 치즈, 요거트, 요구르트, 버터, 크림, 카제인, 카세인, 락토오스, 락토페린'),
  harmless('plant', '코코넛밀크, 코코넛우유, 코코넛크림, 아몬드밀크, 아몬드우유, 귀리우유, 오트밀크, 밀크시슬, 밀크씨슬, 땅콩버터, 아몬드버터, 코코아버터, 시어버터, 버터넛'),

  named('grain', ['WHEAT'], '"밀", 밀가루, 밀글루텐, 밀단백, 통밀, 소맥, 소맥분, 소맥피, 밀기울, 밀전분, 밀배아, 활성글루텐, 듀럼밀, 듀럼, 스펠트밀, 스펠트, 세몰리나'),
  harmless('plant', '메밀'),
  harmless('grain', '호밀, 오트밀, 보리, 쌀보리, 귀리, 수수, "조", 좁쌀, 기장, 보리쌀, 율무, 엿기름, 맥아'),
  related('plant', ['WHEAT'], '밀싹'),
  unnamed('grain', ['WHEAT'], '빵, 빵가루, 비스킷, 파스타, 국수'),
  unnamed('grain', ['WHEAT', 'CORN'], '글루텐'),
  named('grain', ['CORN'], '옥수수, 옥분, 콘글루텐밀, 콘글루텐, 콘스타치, 스위트콘, "콘",옥글루텐'),
  related('grain', ['CORN'], '옥배유'),
  named('grain', ['RICE'], '쌀, 현미, 백미, 쇄미, 미강, 쌀겨, 쌀가루, 찹쌀, 라이스, 미분'),
  unnamed('grain', CEREALS, '곡류, 곡물, 잡곡, 시리얼'),
  harmless('other', '그레인프리, 무곡물, 밀리그램, 밀랍, 그램'),

  named('legume', ['SOY'], '콩, 대두, 대두박, 대두단백, 검은콩, 두부, 두유, 비지, 된장, 간장, 소이, 메주, 풋콩'),
  named('legume', ['PEA'], '완두, 완두콩, 완두단백, 완두전분, 그린피스'),
  harmless('legume', '병아리콩, 강낭콩, 렌틸콩, 렌즈콩, 땅콩, 누에콩, 잠두콩, 동부콩, 루핀콩, 작두콩, 녹두, 팥, 렌틸, 알팔파'),
  harmless('other', '홍콩'),
  named('plant', ['POTATO'], '감자, 감자전분, 감자단백, 포테이토'),
  harmless('plant', '고구마, 스위트포테이토, 타피오카, 카사바, 해바라기, 카놀라, 유채, 올리브, 코코넛, 아마씨, 호박, 당근, 사과, 비트, 퀴노아, 효모, 버섯'),
  harmless('plant', '해조류, 미세조류, 해양조류, 갈조류, 홍조류, 녹조류, 남조류, 규조류, 조류오일'),

  unnamed('meat', POULTRY, '가금, 가금류, 가금육, 가금류고기, 가금고기, 가금부산물, 조류'),
  unnamed('meat', ANY_MEAT, '육류, 육분, 육골분, 동물성, 동물성단백, 동물성유지, 동물성지방, 축산부산물, 육류부산물, 고기'),
  unnamed('part', ANY_MEAT, '부산물, 내장, 골분, 콩팥, "간"'),
  unnamed('part', ['BEEF', 'PORK'], '젤라틴, 혈장, 혈분'),
  unnamed('part', ['BEEF', 'PORK', 'CHICKEN', 'FISH'], '콜라겐'),
  unnamed('extract', ANY_MEAT, '육수, 사골'),
  unnamed('fat', ANY_MEAT, '"유지", 유지류, 동물유지, 지방'),
  harmless('other', '지방산, 조지방, 저지방, 무지방, 고기능'),
  unnamed('fat', ['SOY', 'CORN'], '식물성유지, 식물성오일, 식용유, 식물성유'),
  unnamed('plant', PLANT_PROTEINS, '식물성단백, 식물성단백질, 식물성부산물, 식물성'),
  unnamed('plant', ['WHEAT', 'CORN', 'RICE', 'POTATO', 'PEA'], '전분, 변성전분'),
  unnamed('fat', ['SOY'], '레시틴'),
]
