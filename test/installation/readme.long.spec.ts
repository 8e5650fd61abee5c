import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { msg, render } from '../../src/platform/messages/dictionary.js';
import { shapeOf, shownCommands, type ShownCommand } from '../support/readme-commands.js';
import { type CommandResult, ReadmeShell } from '../support/readme-shell.js';
import { freePort } from '../support/redis.js';

// The READMEs, followed from top to bottom like a reader does.

/** The effect of a background job may take time. */
const PATIENCE_MS = 30_000;
/** The reader's checkout; all files that the commands write are outside it. */
const CHECKED_OUT = ['bin', 'demo', 'docs', 'package.json'];

let folder: string;
let shell: ReadmeShell;
/** Printed ids and codes, and the actual ones in their place. */
let got: Map<string, string>;
let places: [string, string][];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user
  for (const name of ['tmp', 'backup']) mkdirSync(join(folder, name));
  for (const name of CHECKED_OUT) symlinkSync(join(CHECKOUT, name), join(folder, name));
  shell = new ReadmeShell(folder);
  got = new Map();
  places = [['/tmp/', `${folder}/tmp/`], ['/backup/', `${folder}/backup/`]]; // oxfmt-ignore
  for (const port of ['3001', '3002']) places.push([`--port ${port}`, `--port ${await freePort()}`]);
  places.push([':3001', places[2]![1].replace('--port ', ':')]);
});
afterEach(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

const typed = (command: string): string =>
  [...got, ...places].reduce((text, [printed, mine]) => text.replaceAll(printed, mine), command);
/** From November on each page would have to show that the holidays of next year are missing. */
const YEAR_MISSING = (['zh', 'en'] as const).map((language) =>
  render(msg('work-calendar-year-missing', { year: new Date().getFullYear() + 1 }), language),
);
const shown = (output: string): string =>
  [...places, ...YEAR_MISSING.map((line) => ['', `  ${line}\n`] as const)].reduce(
    (text, [printed, mine]) => text.replaceAll(mine, printed),
    output,
  );

/** Only read requests are repeated; other commands run once. */
const isQuestion = (command: string): boolean => command.startsWith('curl') && !command.includes(' -d ');

async function follow({ command, output: printed }: ShownCommand): Promise<void> {
  const { shape, names } = shapeOf(command.includes('npm start') ? `… ${printed}` : printed);
  const until = performance.now() + PATIENCE_MS;
  let result: CommandResult;
  let match: RegExpExecArray | null;
  do {
    result = await shell.run(typed(command));
    match = shape.exec(shown(result.output));
  } while (!match && isQuestion(command) && performance.now() < until && (await sleep(200, true)));
  // Without a shown output only the exit code is checked.
  const as = printed === '' ? { command, code: result.code } : { command, output: shown(result.output) };
  expect(as).toEqual(
    printed === '' ? { command, code: 0 } : { command, output: expect.stringMatching(shape) },
  );
  if (match) names.forEach((name, index) => got.set(name, match[index + 1]!));
}

/** The pages whose commands continue the tour of the README, in their order. */
const PAGES = [
  'webhooks',
  'policy',
  'operations/people-and-keys',
  'operations/backup',
  'operations/audit-trail',
  'operations/monitoring',
  'operations/patient-data',
];

const commandsOf = (file: string): ShownCommand[] => {
  const commands = shownCommands(readFileSync(join(CHECKOUT, file), 'utf8'));
  expect([file, commands.length]).not.toEqual([file, 0]);
  return commands;
};

// A page shows the same in both languages, apart from commands that ask for an answer in English.
test('every command of the README and of the pages that continue it does what is printed, in English and Chinese', async () => {
  const pages = ['README', ...PAGES.map((page) => `docs/${page}`)].map((page) => ({
    english: commandsOf(`${page}.md`),
    chinese: commandsOf(`${page}.zh-CN.md`),
  }));
  for (const { english, chinese } of pages)
    expect(chinese).toEqual(english.map((shown) => ({ ...shown, command: withoutLanguage(shown.command) })));
  const commands = pages.flatMap(({ english }) => english);
  expect(commands.length).toBeGreaterThanOrEqual(24);
  for (const shown of commands) {
    await follow(shown);
    const command = withoutLanguage(shown.command);
    if (command !== shown.command) await follow({ ...shown, command });
  }
}, 240_000);

const withoutLanguage = (command: string): string => command.replace('?lang=en', '');

test('an import into the demonstration prints a few lines', async () => {
  const data = join(folder, 'tmp', 'demonstration');
  await shell.run(`export NEDWATCH_DATA=${data} NEDWATCH_ADMIN_KEY=nw_for-this-test-alone`);
  const { output } = await shell.run(`npm start -- --demo --port 0`);
  expect(output).toContain('ready http://127.0.0.1:');
  const { output: written } = await shell.run('bin/nedwatch import demo/roster.csv');
  expect(written.split('\n').length).toBeLessThan(25);
}, 300_000);
