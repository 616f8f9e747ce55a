import fc from 'fast-check'

/**
 * Written so that leaks.ts finds nothing in an echo of one: SQL in capitals and without quoted names, no path or host that
 * could be ours. Its test holds them to that.
 */
export const POISONS = [
  '', ' ', '\u0000', 'a\u0000b', '\ud800', 'a\udc00b', '\ud83d', '\ufeffx', '\uffff', '\u202eevil', '\u2028', '\u0007', '\u001b[31m', '\r\nSet-Cookie: a=1', '\r\n\r\nHTTP/1.1 200 OK',
  "' OR '1'='1", "'; DROP TABLE PETS; --", "1) UNION ALL SELECT NULL,NULL--", "\\'; SELECT PG_SLEEP(9)--", '$$; COMMIT', '$1', '%', '_', '\\', '"', "''", '`', '--', '/*', ';',
  '${7*7}', '{{7*7}}', '<%= 7*7 %>', '#{7*7}', '$(id)', '`id`', '| id', '; id', '&& id', '<script>alert(1)</script>', '"><img src=x>', '../../../ETC/PASSWD', '..\\..\\WIN.INI', '%00', '%0d%0aX-Evil:%201', '%c0%ae', '%s%s%n',
  'FLUSHALL\r\n', '*1\r\n$8\r\nFLUSHALL\r\n', 'return redis.call("KEYS","*")', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true', '[object Object]', '0', '-1', '1e999', '0x10',
  'é'.repeat(30), '한'.repeat(60), '👩‍👩‍👧‍👦'.repeat(20), 'x\u0301'.repeat(200), 'A'.repeat(5_000), '(a+)+$'.repeat(20), '9'.repeat(400), 'x\n'.repeat(300), '\t',
  '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-00000000000g', '{00000000-0000-0000-0000-000000000000}', "00000000-0000-0000-0000-000000000000'--",
  'http://[::1', 'https://x/\u0000', 'https://x/\ud800', 'javascript:alert(1)', 'https://a@b:99999/', 'data:text/html,x', 'https://x/%', '2026-02-30', '0000-00-00', '9999-12-31', '-000001-01-01', '+275760-09-13', '12026-01-01',
] as const

const edited = fc.tuple(fc.constantFrom(...POISONS), fc.constantFrom(...POISONS)).map(([first, second]) => first + second)

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...POISONS) },
  { weight: 2, arbitrary: fc.constantFrom('\u0000', 'a\u0000b', '\ud800', 'a\udc00') },
  { weight: 2, arbitrary: edited },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)) },
)

const BIG = [0, -1, 1e15, 9_007_199_254_740_992, 1e20, 253_402_300_800_000, 8_640_000_000_000_001, -62_135_596_800_001, 1.5]

/** What looks like a cursor from outside, and holds anything. */
const hostileCursor: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(fc.constantFrom<unknown>(...BIG), fc.integer(), hostileText), fc.oneof(fc.constant('ffffffff-ffff-ffff-ffff-ffffffffffff'), fc.uuid(), hostileText), fc.boolean())
  .map(([first, second, isLonger]) => Buffer.from(JSON.stringify(isLonger ? [first, second, second] : [first, second])).toString('base64url'))

/** For any place that takes a text: also in the forms that some places take apart. */
export const hostileValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 1, arbitrary: hostileText.map((text) => `https://pictures.example/${text}`) },
  { weight: 1, arbitrary: hostileCursor },
)
