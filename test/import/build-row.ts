/** One line of the format as an object: a plain dry dog food at 19.99 USD. */
export const buildRow = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  source: 'test',
  sourceId: 'test:1',
  brandName: 'Testbrand',
  productName: 'Lamb & Rice',
  sizeLabel: '2 kg',
  species: 'DOG',
  form: 'DRY',
  lifeStage: 'ADULT',
  ingredientsText: 'Lamb (30%), rice, barley, minerals',
  proteinPct: 25,
  fatPct: 14,
  fiberPct: 3,
  moisturePct: 9,
  ashPct: null,
  calciumPct: null,
  phosphorusPct: null,
  kcalPer100g: 370,
  price: { amount: 19.99, currency: 'USD', perKg: 10 },
  asOf: '2026-11-01',
  market: 'US',
  claims: [],
  breedSize: null,
  sourceUrl: 'https://www.shop.example/lamb',
  flags: [],
  ...overrides,
})

export const rates = { asOf: '2026-11-01', perUnit: { USD: 1390, GBP: 1830 } }

/** As a file in one chunk; strings stand for themselves. */
export async function* fileOf(...rows: readonly (string | Record<string, unknown>)[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'))
}
