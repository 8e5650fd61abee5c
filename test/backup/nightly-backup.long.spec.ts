import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { releaseLock, takeLock } from '../../src/platform/database/embedded-postgres/lock.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { startCommand, startProgramProcess, type Ended } from '../support/program.js';

jest.setTimeout(120_000);

const KEY = 'nw_administrator-of-this-test';
const FOREIGN = ['before-1.0.0-2020-01-01T000000Z.tar.gz', 'nedwatch-by-hand.tar.gz', 'notes.txt'];
// Two months of 2020, each from the 1st; two backups on the second day.
const OLD = ['2020-01-01T183000Z', '2020-01-02T083000Z', '2020-01-02T183000Z', '2020-02-01T183000Z'];
const named = (instant: string): string => `nedwatch-${instant}.tar.gz`;

let base: string;
let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
const there = (): string[] => readdirSync(folder).sort();
const backup = (args: string[], other: Record<string, string> = {}): Promise<Ended> =>
  startCommand(['backup', ...args], { ...env, ...other }).ended;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'nedwatch-nightly-'));
  chmodSync(base, 0o755); // as root, PostgreSQL runs as another user
  database = await createDatabase();
  env = {
    ...{ DATABASE_URL: database.url, NEDWATCH_DATA: join(base, 'data'), NEDWATCH_ADMIN_KEY: KEY },
    NEDWATCH_MASTER_KEY: randomBytes(32).toString('base64'),
    // The restore of the check must never use this database.
    NEDWATCH_DIRECT_URL: database.url,
  };
  const program = await startProgramProcess({ ...env, NEDWATCH_ROLE: 'api' });
  const answer = await fetch(`${program.url}/api/v1/patients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ mrn: 'N1', name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2025-10-20' },
    }),
  });
  expect(answer.status).toBe(201);
  expect(await program.stop()).toBe(0);
});
beforeEach(() => {
  folder = join(base, randomBytes(4).toString('hex'));
  mkdirSync(folder);
  for (const name of [...FOREIGN, ...OLD.map(named)]) writeFileSync(join(folder, name), 'old');
});
afterAll(async () => {
  await database.drop();
  rmSync(base, { recursive: true });
});

test('a nightly backup is restored as a check, named by its instant, and then old backups are deleted by days, weeks and months', async () => {
  const { code, out, stderr } = await backup(['--folder', folder, '--keep', '2,1,3']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const [made, ...others] = there().filter((name) => /^nedwatch-202[^0]/.test(name));
  expect(others).toEqual([]);
  // The newest two of the days, the newest three of the months.
  const kept = [OLD[2]!, OLD[3]!].map(named);
  expect(there()).toEqual([...FOREIGN, ...kept, made!].sort());
  expect(out).toContain(`${join(folder, made!)}: `);
  expect(out).toMatch(
    /restored and verified\n3 backups kept, 2 deleted: nedwatch-2020-01-02T083000Z\.tar\.gz,/,
  );
  expect(readdirSync(join(base, 'data'))).not.toContain('restore-check');

  const again = await backup(['check', join(folder, made!)]);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.out).toMatch(/\d+ rows of \d+ tables .*; restored and verified\n$/);
});

test('the command fails and deletes nothing when the keys cannot decrypt the backup', async () => {
  const other = { NEDWATCH_MASTER_KEY: randomBytes(32).toString('base64') };
  const { code, stderr } = await backup(['--folder', folder, '--keep', '1,0,0'], other);
  expect(stderr).toMatch(
    /^The backup is not good, and no older one was deleted: .*nedwatch-failed\.tar\.gz$/m,
  );
  expect(stderr).toMatch(/^keys-do-not-open: .*NEDWATCH_MASTER_KEY/m);
  expect(code).toBe(1);
  expect(there()).toEqual([...FOREIGN, ...OLD.map(named), 'nedwatch-failed.tar.gz'].sort());

  // The next good backup replaces the bad one.
  expect(await backup(['--folder', folder, '--keep', '1,0,0'])).toMatchObject({ code: 0 });
  expect(there()).toHaveLength(FOREIGN.length + 1);
});

test('a damaged file does not pass the check', async () => {
  const file = join(folder, 'one.tar.gz');
  expect(await backup([file])).toMatchObject({ code: 0 });
  const damaged = join(folder, 'damaged.tar.gz');
  copyFileSync(file, damaged);
  const bytes = readFileSync(damaged);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  writeFileSync(damaged, bytes);
  const { code, stderr } = await backup(['check', damaged]);
  expect(stderr).toMatch(/^backup-broken: /);
  expect(code).toBe(1);
});

test('two backups never write to one folder at once, files of a killed one do not block the next, and nothing is deleted without --keep', async () => {
  const lock = join(folder, '.nedwatch-backup.lock');
  expect(takeLock(lock)).toBe(true);
  expect(await backup(['--folder', folder])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^folder-in-use: /),
  });
  releaseLock(lock);

  writeFileSync(lock, '999999999 1');
  writeFileSync(join(folder, 'nedwatch-unchecked.tar.gz'), 'half');
  expect(await backup(['--folder', folder])).toMatchObject({ code: 0, stderr: '' });
  expect(there()).toHaveLength(FOREIGN.length + OLD.length + 1);
});

test.each([
  [['--folder', 'x', '--keep', '0,8,12'], /--keep: 0,8,12 is not right: .*14,8,12/],
  [['--folder', 'x', '--keep', '14'], /--keep: 14 is not right/],
  [['--keep', '14,8,12', 'file'], /--keep goes with --folder/],
  [['--folder', 'x', 'file'], /a file or --folder, not both/],
  [['check', 'a', 'b'], /which file/],
])('backup %j is asked in a wrong way, and writes nothing', async (args, stderr) => {
  expect(await backup(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(stderr) });
});

test('the refusal names a folder that does not exist', async () => {
  const { code, stderr } = await backup(['--folder', join(base, 'nowhere')]);
  expect(stderr).toMatch(/^file-not-usable: .*nowhere cannot be written: ENOENT/);
  expect(code).toBe(1);
});
