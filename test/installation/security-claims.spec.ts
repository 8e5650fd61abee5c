import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { newCode } from '../../src/accounts/sign-in/one-time-codes.js';
import { MAX_SESSIONS } from '../../src/accounts/sign-in/session.entity.js';
import { FreshProof, SignInInput } from '../../src/accounts/sign-in/sign-in-schemas.js';
import { newTotpSecret } from '../../src/accounts/sign-in/totp.js';
import { MOST_ROWS } from '../../src/exchange/imports/rows/csv.js';
import { MOST_EVENTS, MOST_TURNS } from '../../src/patients/event-history.js';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { JSON_LIMIT_BYTES } from '../../src/platform/http/http.js';
import { LONGEST_PAGE } from '../../src/platform/http/paging.js';

// What docs/asvs.md claims of the source as a whole, and of docs/security.md.

const read = (file: string): string => readFileSync(join(CHECKOUT, file), 'utf8');
const sources: readonly (readonly [file: string, text: string])[] = readdirSync(join(CHECKOUT, 'src'), {
  ...{ recursive: true, encoding: 'utf8' },
})
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
  .map((name) => [`src/${name}`, read(`src/${name}`)] as const);

/** Each place of the source that the expression finds: its file, and the first group or the whole. */
const places = (expression: RegExp): string[] =>
  sources.flatMap(([file, text]) =>
    [...text.matchAll(expression)].map(([whole, group]) => `${file} ${group ?? whole}`),
  );
const filesWith = (expression: RegExp): string[] => [
  ...new Set(places(expression).map((place) => place.split(' ')[0]!)),
];

test('1.2.5: no shell runs, and only the embedded PostgreSQL is a child process', () => {
  const starting = filesWith(/'(?:node:)?child_process'/g);
  expect(starting.length).toBeGreaterThan(0);
  expect(starting.filter((file) => !file.startsWith('src/platform/database/embedded-postgres/'))).toEqual([]);
  expect(places(/\b(?:execSync|execFile|exec\(`|shell:)/g)).toEqual([]);
});

test('1.4.1: no part of the program is written in a language without memory safety', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: CHECKOUT, encoding: 'utf8' }).split('\n');
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => /\.(c|cc|cpp|h|rs|node|wasm|gyp)$/.test(file))).toEqual([]);
  expect(places(/\b(?:allocUnsafe|process\.dlopen)\b/g)).toEqual([]);
});

test('3.7.1: the page has no plug-in of a browser', () => {
  expect(read('web/status/status.html')).toContain('<input');
  expect(read('web/status/status.html')).not.toMatch(/<(object|embed|applet|frame|iframe)\b/i);
});

test('4.1.2: browsers alone are redirected: to the identity provider, and from a link to its patient', () => {
  expect(filesWith(/\.redirect\(|\b30[1278]\b(?=[,)])|'[Ll]ocation',/g).sort()).toEqual([
    'src/accounts/single-sign-on/single-sign-on.controller.ts',
    'src/exchange/fhir/inbound/fhir-writes.controller.ts', // of what was created (201)
    'src/exchange/patient-link/patient-link.controller.ts',
  ]);
});

test('5.3.1, 5.3.2: no upload is written to a file, and its name is read nowhere', () => {
  const imports = sources.filter(([file]) => file.startsWith('src/exchange/imports/'));
  expect(imports.length).toBeGreaterThan(5);
  for (const [file, text] of imports.filter(([name]) => !name.endsWith('/demo.ts')))
    expect([file, /'node:fs|\.filename\b|saveRequestFiles/.test(text)]).toEqual([file, false]);
});

test('6.2.6, 6.2.7: passwords are masked, and nothing keeps a password manager from them', () => {
  const page = read('web/status/status.html');
  const fields = [...page.matchAll(/<input[^>]*>/g)].map(([field]) => field);
  const secrets = fields.filter((field) => /autocomplete="(current|new)-password"/.test(field));
  expect(secrets.length).toBeGreaterThan(0);
  expect(secrets.filter((field) => !field.includes('type="password"'))).toEqual([]);
  expect(fields.filter((field) => /name="(login|password|totp)"/.test(field))).toHaveLength(3);
  const off = fields.filter((field) => field.includes('autocomplete="off"'));
  expect(off.filter((field) => !field.includes('name="key"'))).toEqual([]);
  expect(page + read('web/status/status.js')).not.toMatch(/onpaste|'paste'/);
});

test('6.4.2: sign-in asks for password, codes and set-up code alone', () => {
  const asked = { ...SignInInput.shape, ...FreshProof.shape };
  expect(Object.keys(asked).sort()).toEqual([
    'as',
    'code',
    'hospital',
    'login',
    'newPassword',
    'password',
    'recoveryCode',
    'setupCode',
    'totp',
  ]);
});

test('6.5.2, 6.5.4: recovery codes have 120 random bits, set-up codes 80, seeds 160', () => {
  const lettersOf = (code: string): number => code.replaceAll('-', '').length;
  const [, letters] = /RECOVERY_LETTERS = (\d+);/.exec(read('src/accounts/sign-in/second-factor.ts'))!;
  expect(lettersOf(newCode(Number(letters))) * 5).toBe(120);
  expect(lettersOf(newCode()) * 5).toBe(80);
  expect(newTotpSecret().length * 8).toBe(160);
  const letterCounts = new Map<string, number>();
  for (const letter of newCode(32_000).replaceAll('-', ''))
    letterCounts.set(letter, (letterCounts.get(letter) ?? 0) + 1);
  expect(letterCounts.size).toBe(32);
  for (const count of letterCounts.values()) expect(Math.abs(count - 1000)).toBeLessThan(250);
});

test('11.2.1: cryptography is that of Node and of three packages', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  const known = ['@node-rs/argon2', 'jose', 'openid-client'];
  const cryptographic =
    /argon|crypt|cipher|jose|jw[tse]|oidc|openid|oauth|passport|sodium|nacl|hash|pbkdf|otp/;
  expect(Object.keys(dependencies).filter((name) => cryptographic.test(name))).toEqual(known);
});

test('11.3.1, 11.3.2: each cipher is AES-256-GCM', () => {
  const ciphers = places(/create(?:C|Dec)ipheriv\(\s*([^,]+),/g);
  expect(ciphers.length).toBeGreaterThan(4);
  expect(ciphers.filter((place) => !place.endsWith(" 'aes-256-gcm'"))).toEqual([]);
});

test('11.2.3, 11.4.1: each digest is SHA-256, but the one inside TOTP', () => {
  const digests = places(/create(?:Hash|Hmac)\(\s*([^,)]+)/g);
  expect(digests.length).toBeGreaterThan(10);
  expect(digests.filter((place) => !place.endsWith(" 'sha256'"))).toEqual([
    "src/accounts/sign-in/totp.ts 'sha1'",
  ]);
});

test('11.6.1: each key pair is ed25519', () => {
  const made = places(/generateKeyPair(?:Sync)?\(\s*([^,)]+)/g);
  expect(made.length).toBeGreaterThan(1);
  expect(made.filter((place) => !place.endsWith(" 'ed25519'"))).toEqual([]);
});

test('12.1.2, 12.3.2: ciphers of TLS are those of Node, its lowest version is 1.2, and no certificate goes unchecked', () => {
  expect(places(/\b(?:ciphers|secureOptions|secureProtocol|ecdhCurve|sigalgs)\b\s*:/g)).toEqual([]);
  expect(places(/\bminVersion: '(.+)'/g)).toEqual([
    'src/exchange/mllp/mllp-listener.ts TLSv1.2',
    'src/platform/http/edge.ts TLSv1.2',
  ]);
  expect(places(/rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED/g)).toEqual([]);
});

test('15.1.2: the lock file names each package with its digest', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { integrity?: string; inBundle?: boolean }>;
  };
  const installed = Object.entries(packages).filter(
    ([path, { inBundle }]) => path.startsWith('node_modules/') && inBundle !== true,
  );
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))).toEqual([]);
});

test('16.4.1: whatever a message holds, the log has one line for it', () => {
  const script = `
    import { Log } from './dist/src/platform/log.js';
    new Log({ logLevel: 'info' }).warn('one\\n{"level":50,"msg":"two"}\\r\\u2028three', 'a\\nb');`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    ...{ cwd: CHECKOUT, encoding: 'utf8' },
  });
  const lines = stderr.split('\n').filter((line) => line !== '');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 40, msg: expect.stringContaining('one\n{') });
});

const number = (n: number): string => n.toLocaleString('en');
const constant = (file: string, name: string): string =>
  number(Number(new RegExp(`\\b${name} = ([\\d_]+);`).exec(read(file))![1]!.replaceAll('_', '')));
const PASSWORDS = 'src/accounts/sign-in/passwords.ts';

/** What the document says of each subject; figures come from the code. */
const DOCUMENTED: readonly (readonly [rows: string, heading: string, facts: readonly string[]])[] = [
  [
    '2.1.3, 15.1.3',
    '## What is costly, and what bounds it',
    [
      `${number(MOST_EVENTS)} active events`,
      `of which ${MOST_TURNS} are no`,
      `${number(LONGEST_PAGE)} rows a`,
      `${JSON_LIMIT_BYTES / 1_000_000} MB of JSON`,
      `${constant('src/platform/http/edge.ts', 'URL_CHARACTERS')} characters of address`,
      `${constant('src/platform/http/json-body.ts', 'MOST_VALUES')} values in a body`,
      `${constant('src/schedules/plan-size-check.ts', 'MOST_ITEMS')} in a plan`,
    ],
  ],
  [
    '2.1.2',
    '## What must fit together',
    ['in the future', 'before the birth', 'after the death', 'diagnosis'],
  ],
  [
    '5.1.1',
    '## What is costly, and what bounds it',
    [`${number(MOST_ROWS)} rows`, '20 MB', 'CSV in UTF-8 is the only file taken'],
  ],
  [
    '6.1.1, 6.1.2, 6.1.3',
    '## Ways in',
    [
      `${constant(PASSWORDS, 'SHORTEST_ALONE')} characters (${constant(PASSWORDS, 'SHORTEST')} with an authenticator)`,
      'not containing `nedwatch`, the login, the person',
      'slowed down after five guesses',
      ...['| password |', '| authenticator (TOTP) |', '| set-up code |', '| OpenID Connect |', '| API key |'],
    ],
  ],
  [
    '7.1.1, 7.1.2, 7.1.3',
    '## Ways in',
    [
      'after 15 minutes without a request',
      `after ${constant('src/accounts/sign-in/sessions.service.ts', 'LONGEST_HOURS')} hours`,
      `A person has ${MAX_SESSIONS} at once`,
      'through a provider is signed out by it',
    ],
  ],
  [
    '11.1.1, 11.1.2',
    '## Cryptography and keys',
    [
      ...['| master key |', "| hospital's key, numbered |", "| hospital's index key |", '| audit key |'],
      ...['AES-256-GCM', 'HMAC-SHA-256', 'ed25519', 'argon2id (19 MiB, two passes)', 'SHA-1 inside TOTP'],
    ],
  ],
  ['13.1.1', '## Whom it talks to', ['PostgreSQL', 'Redis', 'webhook addresses and OpenID providers']],
  ['13.4.5', '## Whom it talks to', ['`/api/docs`, open on purpose', '`/health` and `/metrics`']],
  [
    '14.1.1, 14.1.2',
    '## What is kept, and how',
    ['| secret |', '| who it is |', '| about a patient |', '| who did what |', '| operation |'],
  ],
  ['15.1.1', '## Components', ['within 7 days if critical, 30 if high, 90 otherwise']],
  [
    '16.1.1, 16.2.3',
    '## Logs',
    ['database (`audit_event`)', 'anchor file', 'standard error, JSON lines, UTC'],
  ],
];

test.each(DOCUMENTED)(
  'docs/security.md says what %s asks for, as the code has it: %s',
  (_, heading, facts) => {
    const [, section = ''] = read('docs/security.md').split(`\n${heading}\n`);
    const text = section.split('\n## ')[0]!.replace(/\s+/g, ' ');
    expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
  },
);
