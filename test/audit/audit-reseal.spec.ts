import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { AuditAnchor, anchorFile } from '../../src/audit/audit-anchor.js';
import { AuditSealing } from '../../src/audit/audit-sealing.js';
import { run as auditCommand } from '../../src/commands/audit.js';
import { startApp, type TestApp } from '../support/app.js';

// An installation, and a second one on another database with the same data directory by mistake.

let [t, other]: TestApp[] = [];
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  other = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(async () => {
  await other!.close();
  await t!.close();
});

async function anchored(installation: TestApp): Promise<void> {
  await installation.get('/policy');
  await installation.app.get(AuditSealing).sealAll();
  await installation.app.get(AuditAnchor).write();
}

/** The exit code and the output. */
async function audit(...args: string[]): Promise<[number, string]> {
  let output = '';
  const written = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  try {
    return [await auditCommand(args, t!.commandConfig), output];
  } finally {
    written.mockRestore();
  }
}
const reseal = (): Promise<[number, string]> => audit('reseal', '--reason', 'tests wrote to it');
const lines = (): string[] => readFileSync(anchorFile(t!.config), 'utf8').trim().split('\n');
const write = (changed: readonly string[]): void =>
  writeFileSync(anchorFile(t!.config), changed.map((line) => `${line}\n`).join(''));

beforeEach(async () => {
  writeFileSync(anchorFile(t!.config), '');
  await anchored(t!);
  expect((await audit('verify'))[0]).toBe(0);
});

test('lines of another installation are named, accepted with a reason, and the trail is whole again', async () => {
  await anchored(other!);
  const [code, output] = await audit('verify');
  expect([code, output]).toEqual([
    1,
    expect.stringContaining(`hospital ${other!.hospitalId}: anchored, but`),
  ]);

  expect(await reseal()).toEqual([
    0,
    expect.stringContaining(`${other!.hospitalId}: is not in the database`),
  ]);
  await anchored(t!);
  expect(await audit('verify')).toEqual([
    0,
    expect.stringContaining(`hospital ${other!.hospitalId} begins anew after batch 0: tests wrote to it`),
  ]);
  expect((await reseal())[1]).toContain('there is nothing to reseal');
});

test('two installations that wrote at once leave a break in the file, which is accepted', async () => {
  const before = lines();
  await anchored(other!);
  const theirs = lines().at(-1)!;
  write(before);
  await anchored(t!);
  write([...lines(), theirs]);
  await anchored(t!);
  expect((await audit('verify'))[1]).toContain('anchor line 3: the line before it was changed or removed');

  const [, output] = await reseal();
  expect(output).toContain('anchor line 3: the line before it was changed or removed');
  expect(output).toContain('anchor: lines 1 to 4 are accepted as they are');
  expect((await audit('verify'))[0]).toBe(0);
});

test('lines signed by a key that was lost are accepted, and changed afterwards are found', async () => {
  const [line] = lines();
  write([line!.replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA')]);
  expect((await audit('verify'))[0]).toBe(1);
  await reseal();
  expect((await audit('verify'))[0]).toBe(0);

  write([line!, ...lines().slice(1)]);
  const [code, output] = await audit('verify');
  expect([code, output]).toEqual([1, expect.stringContaining('lines 1 to 1 were changed since')]);
});

test('an acceptance that is not signed with the key has no effect', async () => {
  await anchored(other!);
  await reseal();
  const forged = lines()
    .at(-1)!
    .replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA');
  write([...lines().slice(0, -1), forged]);
  expect((await audit('verify'))[0]).toBe(1);
});

test('a reseal is recorded in the audit trail', async () => {
  write([lines()[0]!.replace(/"signature":"[^"]{8}/, '"signature":"AAAAAAAA')]);
  await reseal();
  const rows = await t!.dataSource.query<{ detail: unknown }[]>(
    `SELECT detail FROM audit_event WHERE call = 'audit reseal' ORDER BY recorded_at DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ detail: { after: 'anchor line 1' } }]);
});
