import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The requirements of levels 1 and 2 in OWASP ASVS 5.0.0: section, and the numbers in it. */
const REQUIRED = `
  1.1: 1-2; 1.2: 1-9; 1.3: 1-11; 1.4: 1-3; 1.5: 1-2; 2.1: 1-3
  2.2: 1-3; 2.3: 1-4; 2.4: 1; 3.2: 1-2; 3.3: 1-4; 3.4: 1-6
  3.5: 1-5; 3.7: 1-2; 4.1: 1-3; 4.2: 1; 4.3: 1-2; 4.4: 1-4
  5.1: 1; 5.2: 1-3; 5.3: 1-2; 5.4: 1-3; 6.1: 1-3; 6.2: 1-12
  6.3: 1-4; 6.4: 1-4; 6.5: 1-5; 6.6: 1-3; 6.8: 1-4; 7.1: 1-3
  7.2: 1-4; 7.3: 1-2; 7.4: 1-5; 7.5: 1-2; 7.6: 1-2; 8.1: 1-2
  8.2: 1-3; 8.3: 1; 8.4: 1; 9.1: 1-3; 9.2: 1-4; 10.1: 1-2
  10.2: 1-2; 10.3: 1-4; 10.4: 1-11; 10.5: 1-5; 10.6: 1-2; 10.7: 1-3
  11.1: 1-2; 11.2: 1-3; 11.3: 1-3; 11.4: 1-4; 11.5: 1; 11.6: 1
  12.1: 1-3; 12.2: 1-2; 12.3: 1-4; 13.1: 1; 13.2: 1-5; 13.3: 1-2
  13.4: 1-5; 14.1: 1-2; 14.2: 1-4; 14.3: 1-3; 15.1: 1-3; 15.2: 1-3
  15.3: 1-7; 16.1: 1; 16.2: 1-5; 16.3: 1-4; 16.4: 1-3; 16.5: 1-3
  17.1: 1; 17.2: 1-4; 17.3: 1-2
`;

const required = [...REQUIRED.matchAll(/(\d+\.\d+): ([\d -]+)/g)].flatMap(([, section, numbers]) =>
  numbers!
    .trim()
    .split(' ')
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: last - first + 1 }, (_, index) => `${section}.${first + index}`);
    }),
);

const table = readFileSync('docs/asvs.md', 'utf8');
const rows = [...table.matchAll(/^\| (\d+\.\d+\.\d+) +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, id, asks, status, where]) => ({ id, asks, status, where: where! }),
);

test('the table has every requirement of levels 1 and 2 once, in order', () => {
  expect(required).toHaveLength(253);
  expect(rows.map(({ id }) => id)).toEqual(required);
});

test('each is met, not met or not applicable, and the counts at the head are those of the table', () => {
  const count = (status: string): number => rows.filter((row) => row.status === status).length;
  const [met, notMet, none] = [count('met'), count('not met'), count('not applicable')];
  expect(met + notMet + none).toBe(rows.length);
  expect(table).toContain(`Of ${rows.length}: ${met} met, ${notMet} not met, ${none} not applicable.`);
});

test('every file that it names exists', () => {
  const named = rows.flatMap(({ where }) =>
    [...where.matchAll(/`([\w./-]+\.\w+)`/g)].map(([, file]) => file!),
  );
  expect(named.length).toBeGreaterThan(150);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test('the image compiles what runs in production, and none of its tests and benchmarks', () => {
  const read = (file: string): string => readFileSync(file, 'utf8');
  const { include, exclude } = JSON.parse(read('tsconfig.image.json')) as Record<string, unknown>;
  expect([include, exclude]).toEqual([['src', 'migrations'], ['**/*.spec.ts']]);
  expect(read('Dockerfile')).toContain('tsc -p tsconfig.image.json');
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
    names!.split(' '),
  );
  expect(copied.filter((name) => /^(\.|test|bench|\.\/)$/.test(name))).toEqual([]);
  expect(copied).toContain('src');
});

test('every row that is met names a test that would fail', () => {
  const test = /`([\w./-]+\.spec\.ts|test\/[\w./-]+|eslint\.config\.mjs|\.oxlintrc\.json)`/;
  const bare = rows.filter(({ status, where }) => status === 'met' && !test.test(where));
  expect(bare.map(({ id }) => id)).toEqual([]);
});

test('each row that security-claims.spec.ts tests names it, and the reverse', () => {
  const claims = 'test/installation/security-claims.spec.ts';
  const spoken = new Set(readFileSync(claims, 'utf8').match(/\b\d+\.\d+\.\d+\b/g));
  const naming = rows.filter(({ where }) => where.includes(claims)).map(({ id }) => id);
  expect(naming.sort()).toEqual([...spoken].sort());
});
