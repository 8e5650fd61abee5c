import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { removeDataFolder } from '../support/data-folder.js';
import { until } from '../support/webhook-receiver.js';

// `npm run dev` in a copy of the checkout, whose files the test changes.

const COPIED = ['bin', 'dist', 'dist-pages', 'migrations', 'package.json', 'package-lock.json', 'src', 'web'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'tsconfig.tools.json'];

/** The time of a restart is not tested here: docs/benchmarks.md has it. */
const PATIENCE_MS = 60_000;

let copy: string;
let child: ChildProcess;
let exited: Promise<unknown>;
let output = '';

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'dev-'));
  chmodSync(copy, 0o755); // as root, PostgreSQL runs as another user
  for (const name of [...COPIED, ...SETTINGS])
    cpSync(join(CHECKOUT, name), join(copy, name), { recursive: true });
  symlinkSync(join(CHECKOUT, 'node_modules'), join(copy, 'node_modules'));
  const { PATH = '', TMPDIR = tmpdir() } = process.env;
  child = spawn(process.execPath, [join(copy, 'bin/dev.mjs'), '--port', '0'], {
    env: { PATH, TMPDIR, NEDWATCH_DATA: join(copy, '.data'), NEDWATCH_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  exited = once(child, 'exit');
});
afterEach(async () => {
  child.kill('SIGTERM');
  await exited;
  await removeDataFolder(join(copy, '.data'));
  rmSync(copy, { recursive: true });
});

const addresses = (): string[] => [...output.matchAll(/^ready (.*)$/gm)].map(([, url = '']) => url);

/** The API description of the `count`th started program. */
async function apiDocument(count: number): Promise<string> {
  await until(addresses, ({ length }) => length === count, PATIENCE_MS);
  return (await fetch(`${addresses()[count - 1]}/api/openapi.json`)).text();
}

test('a save is compiled and the program starts again with it; wrong syntax leaves the program that runs', async () => {
  const source = join(copy, 'src/app/openapi.ts');
  const text = readFileSync(source, 'utf8');
  expect(await apiDocument(1)).toContain('An API key, or the token of a session');

  writeFileSync(source, text.replace('An API key, or the token', 'A key, or the token'));
  expect(await apiDocument(2)).toContain('A key, or the token of a session');
  expect(output).toMatch(/^nedwatch dev: ready \d+\.\d\d s after the save$/m);

  writeFileSync(source, `${text}\nconst = 1;\n`);
  await until(
    () => output,
    (written) => written.includes('the program that runs is the one before this save'),
    PATIENCE_MS,
  );
  expect(output).toContain('src/app/openapi.ts');
  expect(await apiDocument(2)).toContain('A key, or the token of a session');

  writeFileSync(source, text);
  expect(await apiDocument(3)).toContain('An API key, or the token of a session');
}, 120_000);
