import type { Chance } from '../../simulation/chance.js';

const LARGEST = 200_000;
const TOKENS = [
  ...[
    '|',
    '^',
    '~',
    '\\',
    '&',
    '\r',
    '\n',
    '\r\n',
    '\0',
    '\x0b',
    '\x1c',
    '\x1c\r',
    '""',
    '\\E\\',
    '\\X',
    '\\.br\\',
    '\ufeff',
  ],
  ...[
    'MSH',
    'MSH|^~\\&|',
    'PID|',
    'OBX|1|NM|',
    'OBR|1||',
    'MRG|',
    'SCH|',
    'FHS|^~\\&|',
    'BTS|9',
    'Zzz|',
    'UNICODE UTF-8',
    'GB 18030-2000',
    'BIG-5',
    '8859/1',
    'ISO IR87',
  ],
  ...[
    '20261301',
    '20260230',
    '00000000',
    '2026110125',
    '20261101090000+9999',
    '-1',
    '1e308',
    'NaN',
    '<',
    '>=',
    '0-',
    '12^34',
    '9'.repeat(400),
    '长'.repeat(50),
  ],
].map((one) => Buffer.from(one));

const VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    [],
    {},
    [[]],
    [null],
    [{}],
    { resourceType: 'Patient' },
    'x'.repeat(3000),
  ],
  ...[
    '\u0000',
    '\ud800',
    '\u202e',
    '__proto__',
    '2026',
    '2026-13',
    '2026-02-30',
    '2026-11-01T24:00:00Z',
    '0000-01-01',
    '9999-12-31T23:59:60+14:00',
  ],
  ...[
    'urn:uuid:x',
    'Patient/1',
    'Patient?identifier=a|b',
    '#o1',
    '#',
    'http://',
    'Observation/../x',
    'urn:nedwatch:event',
    'entered-in-error',
    'final',
    'cancelled',
  ],
];

/** A copy of a message with one to four errors. */
export function damagedBytes(chance: Chance, seeds: readonly Buffer[]): Buffer {
  let bytes: Buffer = Buffer.from(chance.of(seeds));
  for (let left = chance.between(1, 4); left > 0; left--) bytes = damaged(chance, bytes, seeds);
  return bytes.subarray(0, LARGEST);
}

function damaged(chance: Chance, bytes: Buffer, seeds: readonly Buffer[]): Buffer {
  const [from, to] = [chance.between(0, bytes.length), chance.between(0, bytes.length)].sort(
    (a, b) => a - b,
  ) as [number, number];
  const part = bytes.subarray(from, Math.min(to, from + 200));
  const instead = (length: number, put: Uint8Array): Buffer =>
    Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + length)]);
  return chance.weighed<() => Buffer>([
    [3, () => instead(0, chance.of(TOKENS))],
    [3, () => instead(part.length, chance.of(TOKENS))],
    [2, () => instead(1, Buffer.of(chance.between(0, 255)))],
    [2, () => instead(part.length, new Uint8Array())],
    [1, () => bytes.subarray(0, from)],
    [1, () => bytes.subarray(from)],
    [1, () => instead(0, Buffer.concat(Array.from({ length: chance.between(2, 60) }, () => part)))],
    [1, () => instead(0, slice(chance, chance.of(seeds)))],
    [1, () => Buffer.from(bytes.map((byte) => (byte === 0x7c ? chance.of([0x5e, 0x7e, 0x23, 0x7c]) : byte)))],
  ])();
}

function slice(chance: Chance, bytes: Buffer): Buffer {
  const from = chance.between(0, bytes.length);
  return bytes.subarray(from, from + chance.between(0, 400));
}

/** The JSON of a copy with one to four errors in its values, and sometimes of its text. */
export function damagedJson(chance: Chance, seeds: readonly object[]): Buffer {
  const copy: unknown = structuredClone(chance.of(seeds));
  const root = { value: copy };
  for (let left = chance.between(1, 4); left > 0; left--) damageValue(chance, root, seeds);
  const bytes = Buffer.from(JSON.stringify(root.value));
  return chance.is(0.1) ? damagedBytes(chance, [bytes]) : bytes.subarray(0, LARGEST);
}

type Members = Record<string, unknown>;

function damageValue(chance: Chance, root: Members, seeds: readonly object[]): void {
  const members = placeIn(chance, root);
  const key = chance.of(Object.keys(members));
  chance.weighed<() => void>([
    [4, () => void (members[key] = structuredClone(chance.of(VALUES)))],
    [3, () => void (members === root || Reflect.deleteProperty(members, key))],
    [2, () => void (members[key] = structuredClone(placeIn(chance, { value: chance.of(seeds) })))],
    [1, () => void (members[key] = [members[key], structuredClone(members[key])])],
    [
      1,
      () =>
        void (members[
          chance.of(['x', 'id', 'extension', 'contained', 'status', 'code', 'subject', '_status'])
        ] = structuredClone(chance.of(VALUES))),
    ],
    [1, () => void (members[key] = Array.from({ length: chance.between(2, 300) }, () => members[key]))],
  ])();
}

/** An object or list with members, somewhere in a value. */
function placeIn(chance: Chance, root: Members): Members {
  let place = root;
  for (;;) {
    const inner = Object.values(place).filter(hasMembers);
    if (inner.length === 0 || (place !== root && chance.is(0.3))) return place;
    place = chance.of(inner);
  }
}

const hasMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
