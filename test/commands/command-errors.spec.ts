import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';

// Error messages of the command line. Neither command needs a database.

function nedwatch(args: readonly string[], input = ''): { status: number | null; lines: string[] } {
  const main = join(CHECKOUT, 'dist/program/main.js');
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { input, encoding: 'utf8' });
  return { status, lines: stderr.trim().split('\n') };
}

const BAD = Array.from({ length: 30 }, (_, line) => `${line}`).join('\n');

test('of many errors the first twenty are listed, and the number of further ones', () => {
  const { status, lines } = nedwatch(['plan'], BAD);
  expect([status, lines.length]).toEqual([2, 21]);
  expect(lines.at(-1)).toBe('… and 10 more errors. --all-errors lists every one.');
  expect(lines[19]).toMatch(/^line 20: /);
});

test('all errors are listed with --all-errors', () => {
  expect(nedwatch(['plan', '--all-errors'], BAD).lines).toHaveLength(30);
});

test('twenty errors are listed without a word about more', () => {
  expect(nedwatch(['plan'], BAD.split('\n').slice(0, 20).join('\n')).lines).toHaveLength(20);
});

test.each([
  ['plan', 'no.ndjson'],
  ['guideline check', 'no.json'],
])('%s says that a file is not there', (command, file) => {
  expect(nedwatch([...command.split(' '), file])).toEqual({
    status: 1,
    lines: [`${file}: there is no such file or folder.`],
  });
});

test('the error says that the given file is a folder', () => {
  expect(nedwatch(['guideline', 'check', 'demo']).lines).toEqual([
    expect.stringContaining('a file is wanted'),
  ]);
});
