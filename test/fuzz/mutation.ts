import fc from 'fast-check';
import type { Draft } from './draft.js';

/** The errors in a request. Pure data, so that a seed reproduces it. */
export interface Mutation {
  readonly kind: keyof typeof CHANGES;
  readonly where: number;
  readonly what: number;
}

const JUNK: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', ' ', [], {}, [[]], [null], { a: 1 }],
  ...['\u0000', 'a\u0000b', '\ud800', 'x\udc00', '\u202e', '\ufeff', '𠮷', '\r\n', '\u0007', '%00', '%'],
  ...["' OR 1=1 --", '"; --', '${7*7}', '{{7*7}}', '<script>alert(1)</script>', '../../../etc/passwd'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'NaN', 'Infinity', '-0', '1e5', '0x10', '１２', 'null'],
  ...['0000-00-00', '2024-02-30', '9999-12-31', '0001-01-01', '+275760-09-13', '2024-1-1', '2024-W01'],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2024-01-01T00:00:00+23:59'],
  ...['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'P0D', 'P99999Y', '*'],
  ...[
    'http://',
    'http://a:b@c/',
    'file:///etc/passwd',
    'http://[::ffff:127.0.0.1]/',
    'javascript:1',
    'http://\u0000/',
  ],
  ...['长'.repeat(3000), 'a'.repeat(70_000), Array.from({ length: 3000 }, () => 'x')],
  nested(40),
  Array.from({ length: 101 }, () => ({ eventId: 'x', date: 'y' })),
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '',
  '/',
  '~',
  'a\u0000',
  '\ud800',
  'ID',
  'x'.repeat(5000),
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'];
const MEDIA_TYPES = [
  ...['', 'text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  ...[
    'application/json; charset=gbk',
    'application/json;charset=',
    'application/vnd.x+json',
    'APPLICATION/JSON',
  ],
  ...[
    'application/json, text/html',
    'multipart/form-data; boundary=',
    '/',
    'application/',
    ';',
    'json',
    '*/*',
  ],
];
const HEADERS: readonly (readonly [string, string])[] = [
  ['authorization', ''],
  ['authorization', 'Bearer'],
  ['authorization', 'Bearer nw_guessed-key-of-somebody'],
  ['authorization', 'Basic Ojo='],
  ['authorization', `Bearer ${'x'.repeat(9000)}`],
  ['authorization', 'Bearer \u00e9\u00ff'],
  ['idempotency-key', ''],
  ['idempotency-key', 'k'.repeat(5000)],
  ['idempotency-key', "' \u00ff %00"],
  ['accept', 'application/xml'],
  ['accept', '\u00ff'],
  ['accept-encoding', 'gzip;q=nine, *'],
  ['content-encoding', 'gzip'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-for', "1.2.3.4, ', \u00ff"],
  ['x-forwarded-host', 'evil.example'],
  ['range', 'bytes=0-0,5-1,-'],
  ['if-none-match', '*'],
  ['if-modified-since', 'never'],
  ['cookie', 'a=b; =; __proto__=1; ;;'],
  ['host', 'evil.example:99999'],
  ['origin', 'null'],
  ['expect', '100-continue'],
  ['te', 'trailers'],
  ['upgrade-insecure-requests', '1'],
  ['prefer', 'x'.repeat(12_000)],
];
const RAW: readonly Buffer[] = [
  ...[
    '',
    ' ',
    'null',
    '[]',
    '"x"',
    '1',
    '{',
    '{"a":1',
    '{"a":1}x',
    '{a:1}',
    "{'a':1}",
    '{"a":1,"a":2}',
    '\ufeff{}',
  ],
  ...[
    '{"a":NaN}',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '1e999',
    '-',
    '\u0000',
    '{"a":"\u0001"}',
  ],
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `{"a":"${'a'.repeat(999_980)}"}`,
  ' '.repeat(1_100_000),
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.from('{"mrn":"x"}', 'utf16le'),
    Buffer.from([0x7b, 0x22, 0xc0, 0xee, 0x22, 0x7d]),
    Buffer.from([0xff, 0xfe]),
  ]);
const SEGMENTS = [
  '%00',
  '..',
  '.',
  '%2e%2e%2f',
  'null',
  'x',
  '%FF',
  '%',
  '%zz',
  '%E6%9D%8E',
  ' ',
  '0',
  '-1',
  '~',
  '*',
  "'",
  ';a=b',
];
const QUERIES: readonly (readonly [string, string])[] = [
  ...['0', '-1', '501', '1.5', '1e2', 'x', '', '%00', '99999999999999999999', 'NaN', '0x1'].map(
    (v) => ['limit', v] as const,
  ),
  ...[
    'x',
    'WyJhIl0',
    'W10',
    'bnVsbA',
    'eyJhIjoxfQ',
    'WyJcdWQ4MDAiXQ',
    'WyJcdTAwMDAiXQ',
    'W1tdXQ',
    '%00',
    'W251bGwsbnVsbF0',
  ].map((v) => ['cursor', v] as const),
  ...['%', '%zz', '%FF', '%00', '%ed%a0%80', '长', 'a,b,,c', '2024-02-30', 'a'.repeat(3000)].flatMap((v) =>
    ['mrn', 'status', 'from', 'to', 'activity', 'assignee', 'lang', 'state', 'guidelines'].map(
      (name) => [name, v] as const,
    ),
  ),
  ['__proto__', 'x'],
  ['limit[]', '1'],
  ['limit', '1&limit=2'],
  ['mrn', 'a&mrn=b'],
  ['from', '2024-01-01&from=2024-01-02'],
  ['', ''],
  ['a'.repeat(200), 'b'],
  ['constructor[prototype]', 'x'],
];

function nested(depth: number): unknown {
  return depth === 0 ? 'deep' : [nested(depth - 1)];
}

const at = <T>(list: readonly T[], which: number): T => list[which % list.length]!;

/** Every location in a JSON value, with the function that replaces it. */
function placesIn(value: unknown, put: (value: unknown) => void): ((value: unknown) => void)[] {
  const places = [put];
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value))
      places.push(...placesIn(inner, (other) => void Object.defineProperty(value, key, { value: other })));
  return places;
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

const isJson = ({ body, raw }: Draft): boolean => body !== undefined && raw === undefined;

const CHANGES = {
  wrongValue(draft: Draft, where: number, what: number) {
    if (!isJson(draft)) return;
    at(
      placesIn(draft.body, (value) => (draft.body = value)),
      where,
    )(structuredClone(at(JUNK, what)));
  },
  missingField(draft: Draft, where: number, what: number) {
    const objects = objectsIn(draft.body).filter((one) => Object.keys(one).length > 0);
    if (objects.length === 0) return;
    const object = at(objects, where);
    Reflect.deleteProperty(object, at(Object.keys(object), what));
  },
  extraField(draft: Draft, where: number, what: number) {
    const objects = objectsIn(draft.body);
    if (objects.length === 0) return;
    const value = { value: structuredClone(at(JUNK, where)), enumerable: true, configurable: true };
    Object.defineProperty(at(objects, where), at(KEYS, what), value);
  },
  rawBody(draft: Draft, _: number, what: number) {
    draft.raw = at(RAW, what);
    draft.headers['content-type'] ??= 'application/json';
  },
  cutBody(draft: Draft, where: number) {
    if (draft.raw) draft.raw = draft.raw.subarray(0, where % (draft.raw.length + 1));
  },
  mediaType(draft: Draft, _: number, what: number) {
    draft.headers['content-type'] = at(MEDIA_TYPES, what);
  },
  header(draft: Draft, _: number, what: number) {
    const [name, value] = at(HEADERS, what);
    draft.headers[name] = value;
  },
  manyHeaders(draft: Draft, where: number) {
    for (let n = 0; n < where % 120; n++) draft.headers[`x-${n}`] = '1';
  },
  query(draft: Draft, _: number, what: number) {
    const [name, value] = at(QUERIES, what);
    draft.query = [...draft.query.filter(([key]) => key !== name), [name, { raw: value }]];
  },
  segment(draft: Draft, where: number, what: number) {
    const names = Object.keys(draft.path);
    if (names.length > 0)
      draft.path[at(names, where)] = { raw: what % 20 === 0 ? 'a'.repeat(300) : at(SEGMENTS, what) };
  },
  strangeId(draft: Draft, where: number, what: number) {
    const names = Object.keys(draft.path);
    if (names.length > 0) draft.path[at(names, where)] = String(at(JUNK, what)).slice(0, 200) || ' ';
  },
  method(draft: Draft, _: number, what: number) {
    draft.method = at(METHODS, what);
  },
};

const index = fc.nat(2 ** 30);

/** One to three errors in one request. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[])),
    where: index,
    what: index,
  }),
  { minLength: 1, maxLength: 3 },
);

export function mutate(draft: Draft, changes: readonly Mutation[]): void {
  // Drawn bodies share constants with each other, and with other suites of the process.
  if (changes.length > 0) draft.body = structuredClone(draft.body);
  for (const { kind, where, what } of changes) CHANGES[kind](draft, where, what);
}
