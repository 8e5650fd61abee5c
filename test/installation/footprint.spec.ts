import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { changesSince, processesOf, takeFootprint } from '../support/footprint.mjs';
import { until } from '../support/webhook-receiver.js';

// Detects a run that has touched an installation, without false alarms.

let checkout: string;
const fallback = (): string => join(checkout, 'nedwatch-fallback');
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  mkdirSync(join(checkout, '.data/keys'), { recursive: true });
  mkdirSync(join(checkout, '.data/postgres'));
  mkdirSync(fallback());
  write('keys/secrets.key', 'k');
  write('audit-anchor.ndjson', '{"heads":[{"hospitalId":"own"}]}\n');
});
afterEach(() => rmSync(checkout, { recursive: true }));

const write = (file: string, text: string): void => writeFileSync(join(checkout, '.data', file), text);
const changed = (work: () => void): string[] => {
  const before = takeFootprint(checkout, [fallback()]);
  work();
  return changesSince(before).map((line) => line.replace(`${checkout}/`, ''));
};

test('a key that is made or replaced, and a folder of data where there was none, are found', () => {
  expect(changed(() => write('keys/audit-ed25519.pem', 'k'))).toEqual([
    '.data/keys/audit-ed25519.pem was written',
  ]);
  expect(changed(() => utimesSync(join(checkout, '.data/keys/secrets.key'), 1, 1))).toEqual([
    '.data/keys/secrets.key was written',
  ]);
  rmSync(join(checkout, '.data'), { recursive: true });
  expect(changed(() => mkdirSync(join(checkout, '.data/keys'), { recursive: true }))).toEqual([
    '.data/keys was written',
  ]);
});

test('a line of another hospital in the audit anchor is found, one of its own is not', () => {
  const line = (hospital: string): string => `{"heads":[{"hospitalId":"${hospital}"}]}\n`;
  expect(changed(() => write('audit-anchor.ndjson', line('own') + line('own')))).toEqual([]);
  expect(changed(() => write('audit-anchor.ndjson', line('own') + line('of a test')))).toEqual([
    '.data/audit-anchor.ndjson names the foreign hospital of a test',
  ]);
});

test('an embedded server that was left in a fallback folder is found, one in use is not', () => {
  expect(changed(() => mkdirSync(join(fallback(), 'cluster-1')))).toEqual([
    'nedwatch-fallback/cluster-1 was left behind',
  ]);
  const used = join(fallback(), 'cluster-2');
  expect(
    changed(() => {
      mkdirSync(used);
      writeFileSync(join(used, 'keeper.lock'), '1');
    }),
  ).toEqual([]);
});

test('the database of an installation may change meanwhile', () => {
  expect(changed(() => write('postgres/port', '5432'))).toEqual([]);
});

test('a process that still has the folder for its temporary files is found', async () => {
  const child = spawn('sleep', ['60'], { env: { TMPDIR: checkout, PATH: process.env['PATH'] } });
  try {
    await until(
      () => processesOf(checkout),
      (pids) => pids.includes(String(child.pid)),
    );
  } finally {
    child.kill('SIGKILL');
  }
});
