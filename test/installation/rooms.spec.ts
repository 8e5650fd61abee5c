import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';

// Plants wrong imports in a tree of small files, and reads the errors of the rules of `npm run check`.

interface Rooms {
  readonly ROOMS: Readonly<Record<string, readonly string[]>>;
  readonly PARTS: Readonly<Record<string, readonly (readonly string[])[]>>;
}
const { ROOMS, PARTS } = createRequire(import.meta.url)('../../rooms.cjs') as Rooms;

interface Part {
  readonly room: string;
  readonly part: string;
}
const groupsOf = (room: string): readonly (readonly string[])[] => PARTS[room] ?? [['.']];
const ALL_PARTS: readonly Part[] = Object.keys(ROOMS).flatMap((room) =>
  groupsOf(room).flatMap((group) => group.map((part) => ({ room, part }))),
);
const folderOf = ({ room, part }: Part): string => join('src', room, part);

/** Whether a chain of arrows leads from one room to the other. */
const reaches = (from: string, to: string): boolean =>
  ROOMS[from]!.some((next) => next === to || reaches(next, to));

const rankOf = ({ room, part }: Part): number => groupsOf(room).findIndex((group) => group.includes(part));
const isAllowed = (from: Part, to: Part): boolean =>
  from.room === to.room ? rankOf(to) < rankOf(from) : reaches(from.room, to.room);

const ruleAgainst = (from: Part, to: Part): string =>
  from.room === to.room
    ? `part-${from.room}-${from.part === '.' ? 'itself' : from.part}`
    : `room-${from.room}`;

let tree: string | undefined;
afterEach(() => {
  if (tree !== undefined) rmSync(tree, { recursive: true });
  tree = undefined;
});

/** Writes a file that imports each of the others, by their paths from the top or by the name of a package. */
function plant(file: string, imports: readonly string[] = []): void {
  tree ??= newTree();
  const lines = imports.map((target) => {
    if (!target.endsWith('.ts')) return `import '${target}';`;
    const path = relative(dirname(file), target).replace(/\.ts$/, '.js');
    return `import '${path.startsWith('.') ? path : `./${path}`}';`;
  });
  mkdirSync(join(tree, dirname(file)), { recursive: true });
  writeFileSync(join(tree, file), [...lines, 'export {};', ''].join('\n'));
}

function newTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  const rules = [
    '.dependency-cruiser.cjs',
    '.dependency-cruiser.folders.cjs',
    '.dependency-cruiser.web.cjs',
    'rooms.cjs',
  ];
  const settings = ['tsconfig.json', 'package.json'];
  mkdirSync(join(folder, 'web'));
  for (const file of [...rules, ...settings]) cpSync(file, join(folder, file));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'migrations'));
  return folder;
}

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** The errors of the rules, as "file → imported file" and the names of the rules. */
function reported(
  config = '.dependency-cruiser.cjs',
  folders: readonly string[] = ['src', 'migrations'],
): ReadonlyMap<string, readonly string[]> {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', config, '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...options, ...folders], {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
  const found = new Map<string, string[]>();
  for (const { from, to, rule } of summary.violations) {
    const arrow = `${from} → ${to}`;
    found.set(arrow, [...(found.get(arrow) ?? []), rule.name]);
  }
  return found;
}

test('every import between rooms, and between parts of a room, is refused or allowed as rooms.cjs says', () => {
  const targets = ALL_PARTS.map((part) => join(folderOf(part), 'target.ts'));
  for (const part of ALL_PARTS) {
    plant(join(folderOf(part), 'target.ts'));
    plant(
      join(folderOf(part), 'source.ts'),
      targets.filter((target) => dirname(target) !== folderOf(part)),
    );
  }
  const found = reported();

  const mistakes: string[] = [];
  for (const from of ALL_PARTS)
    for (const to of ALL_PARTS) {
      const arrow = `${folderOf(from)}/source.ts → ${folderOf(to)}/target.ts`;
      const names = (found.get(arrow) ?? []).filter((name) => /^(room|part)-/.test(name));
      const expected = from === to || isAllowed(from, to) ? [] : [ruleAgainst(from, to)];
      if (String(names) !== String(expected)) mistakes.push(`${arrow}: ${String(names)}`);
    }
  expect(mistakes).toEqual([]);
});

// Written out, so that an edit of rooms.cjs that reverses an arrow is noticed.
test.each([
  ['guideline', 'platform'],
  ['platform', 'tenancy'],
  ['schedules', 'reminders'],
  ['reminders', 'webhooks'],
  ['patients', 'accounts'],
  ['webhooks', 'access'],
  ['app', 'commands'],
])('nothing leads from %s to %s', (from, to) => {
  expect(reaches(from, to)).toBe(false);
});

test('a file outside the declared folders, an undeclared package and a private edge are refused', () => {
  const wrong: readonly (readonly [rule: string, file: string, target: string])[] = [
    ['no-undeclared-import', 'src/patients/package.ts', 'no-such-package'],
    ['no-undeclared-import', 'src/patients/tool.ts', 'fast-check'],
    ['no-undeclared-import', 'src/patients/transitive.ts', 'content-disposition'],
    ['room-guideline', 'src/guideline/library.ts', 'luxon'],
    ['room-guideline', 'src/guideline/file.ts', 'node:fs'],
    ['room-platform', 'src/platform/planner.ts', 'src/guideline/planner.ts'],
    ['room-exchange', 'src/exchange/main.ts', 'src/main.ts'],
    ['room-webhooks', 'src/webhooks/table.ts', 'migrations/1-first.ts'],
    ['planning-needs-no-queue', 'src/schedules/queue.ts', 'bullmq'],
    ['edges-are-private', 'src/webhooks/call.ts', 'src/patients/patients.controller.ts'],
    ['modules-are-private', 'src/webhooks/part.ts', 'src/patients/patients.module.ts'],
    ['requests-leave-by-platform-outbound', 'src/webhooks/sending/client.ts', 'undici'],
    ['servers-send-nothing', 'src/platform/http/client.ts', 'undici'],
    ['traces-are-loaded-on-demand', 'src/reminders/spans.ts', '@opentelemetry/api'],
    ['migrations-know-no-entities', 'migrations/2-second.ts', 'src/patients/patients.module.ts'],
    ['nothing-imports-tests', 'src/app/builder.ts', 'test/support/builders.ts'],
    ['no-cycles', 'src/patients/one.ts', 'src/patients/two.ts'],
  ];
  plant('src/patients/two.ts', ['src/patients/one.ts']);
  const right = [
    ['src/platform/day.ts', 'src/guideline/calendar.ts'],
    ['src/app/tables.ts', 'migrations/1-first.ts'],
    ['src/webhooks/webhooks.module.ts', 'src/patients/patients.module.ts'],
    ['src/platform/outbound/client.ts', 'undici'],
    ['src/patients/library.ts', 'luxon'],
    ['src/patients/patients.spec.ts', 'fast-check'],
  ] as const;
  const misplaced = ['src/loose.ts', 'src/helpers/text.ts', 'src/patients/helpers/text.ts'];
  const deep = 'src/webhooks/sending/inside/text.ts';

  for (const [file, target] of [...wrong.map(([, ...rest]) => rest), ...right]) {
    plant(file, [target]);
    if (target.endsWith('.ts') && target !== 'src/patients/two.ts') plant(target);
  }
  for (const file of [...misplaced, deep]) plant(file);
  plant('src/webhooks/sending/outside.ts', [deep]);
  const found = [...reported()];

  const isReported = (rule: string, file: string): boolean =>
    found.some(([arrow, rules]) => arrow.startsWith(`${file} →`) && rules.includes(rule));
  const unreported = wrong.filter(([rule, file]) => !isReported(rule, file));
  expect(unreported).toEqual([]);
  const undeclared = found.filter(([, rules]) => rules.includes('no-undeclared-folder'));
  for (const file of [...misplaced, deep])
    expect(undeclared.map(([arrow]) => arrow)).toContainEqual(expect.stringContaining(file));
  for (const [file] of right) expect(found.filter(([arrow]) => arrow.startsWith(`${file} →`))).toEqual([]);
});

test('a loop between folders is refused though no file is part of a loop', () => {
  plant('src/patients/patient.ts', ['src/tenancy/hospital.ts', 'src/guideline/calendar.ts']);
  plant('src/tenancy/other.ts', ['src/patients/other.ts', 'src/guideline/calendar.ts']);
  for (const file of ['tenancy/hospital', 'patients/other', 'guideline/calendar']) plant(`src/${file}.ts`);
  expect([...reported('.dependency-cruiser.folders.cjs').keys()].sort()).toEqual([
    'src/patients → src/tenancy',
    'src/tenancy → src/patients',
  ]);
});

test('a room of the pages imports no higher room, no other screen, no code of the program and no other package', () => {
  const wrong: readonly (readonly [rule: string, file: string, target: string])[] = [
    ['web-room-parts', 'web/parts/call.ts', 'web/calls/http.ts'],
    ['web-room-worklist', 'web/worklist/other.ts', 'web/sign-in/lock.ts'],
    ['web-room-items', 'web/items/act.ts', 'web/acts/act.ts'],
    ['web-imports-types-of-src', 'web/calls/service.ts', 'src/patients/patient-view.ts'],
    ['web-packages', 'web/calls/library.ts', 'zod'],
    ['web-in-a-room', 'web/helpers/text.ts', 'web/words/dates.ts'],
  ];
  for (const [, file, target] of wrong) plant(file, [target]);
  for (const target of ['calls/http', 'sign-in/lock', 'acts/act', 'words/dates']) plant(`web/${target}.ts`);
  plant('src/patients/patient-view.ts');
  plant('web/acts/book.ts', ['web/items/item.ts', 'react']);
  plant('web/items/item.ts');
  writeFileSync(
    join(tree!, 'web/calls/types.ts'),
    "import type {} from '../../src/patients/patient-view.js';\nimport type {} from 'zod';\n",
  );
  const found = [...reported('.dependency-cruiser.web.cjs', ['web'])];
  const isReported = (rule: string, file: string): boolean =>
    found.some(([arrow, rules]) => arrow.startsWith(`${file} →`) && rules.includes(rule));
  expect(wrong.filter(([rule, file]) => !isReported(rule, file))).toEqual([]);
  for (const right of ['web/acts/book.ts', 'web/calls/types.ts'])
    expect(found.filter(([arrow]) => arrow.startsWith(`${right} →`))).toEqual([]);
});
