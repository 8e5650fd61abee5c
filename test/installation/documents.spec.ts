import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';

// Files, symbols, links and commands in the documents exist; and the diagram shows the rooms.

const { ROOMS } = createRequire(import.meta.url)('../../rooms.cjs') as {
  ROOMS: Readonly<Record<string, readonly string[]>>;
};
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

const read = (page: string): string => readFileSync(page, 'utf8');
const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const PAGES = [
  ...['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...below('docs').filter((file) => file.endsWith('.md')),
];
const ARCHITECTURE = read('ARCHITECTURE.md');
const CONTRIBUTING = read('CONTRIBUTING.md');

/** Inline code of a page. */
const codeIn = (page: string): string[] =>
  [...page.replace(/^```[^]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

const TOP = [
  'src',
  'web',
  'test',
  'bench',
  'bin',
  'migrations',
  'docs',
  'packaging',
  'containers',
  'deploy',
  '.ci',
  'demo',
  'samples',
];
const isPath = (code: string): boolean =>
  /^[\w./-]+$/.test(code) && TOP.some((folder) => code.startsWith(`${folder}/`));

/** All words of the program, its tests and its settings. */
function knownWords(): Set<string> {
  const files = ['src', 'web', 'test', 'migrations', 'bench', 'bin']
    .flatMap(below)
    .filter((file) => /\.(m?tsx?|mjs|cjs)$/.test(file));
  const texts = [
    ...files,
    '.env.example',
    'package.json',
    'rooms.cjs',
    '.dependency-cruiser.cjs',
    'eslint.config.mjs',
    '.oxlintrc.json',
  ];
  return new Set(
    texts
      .filter((file) => file !== import.meta.filename)
      .flatMap((file) => read(file).match(/[\w$]+/g) ?? []),
  );
}

describe.each(PAGES)('%s', (page) => {
  test('every file that it names exists', () => {
    const wrong = codeIn(read(page)).filter((code) => isPath(code) && !existsSync(code));
    expect(wrong).toEqual([]);
  });

  test('every link leads to a file, and to a heading in it', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const wrong = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(target)) return true;
      return heading !== undefined && !headingsOf(target).includes(heading);
    });
    expect(wrong).toEqual([]);
  });

  test('every npm script that it names exists', () => {
    const named = [...read(page).matchAll(/npm run ([\w:-]*\w)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

/** The anchors of a page's headings. */
function headingsOf(page: string): string[] {
  if (statSync(page).isDirectory()) return [];
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
  return headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe('ARCHITECTURE.md', () => {
  test('the diagram has the arrows of rooms.cjs, and no other', () => {
    const [, diagram = ''] = /```mermaid\n([^]*?)```/.exec(ARCHITECTURE) ?? [];
    const drawn = [...diagram.matchAll(/^ +([\w-]+) --> ([\w-]+)$/gm)].map(
      ([, from, to]) => `${from} → ${to}`,
    );
    const declared = Object.entries(ROOMS).flatMap(([room, next]) =>
      next.map((other) => `${room} → ${other}`),
    );
    expect(drawn.sort()).toEqual(declared.sort());
  });

  test('every room has its line', () => {
    const lines = [...ARCHITECTURE.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, room]) => room);
    expect(lines.sort()).toEqual(Object.keys(ROOMS).sort());
  });

  test('every symbol that it names is a word of the program', () => {
    const known = knownWords();
    const symbols = codeIn(ARCHITECTURE)
      .filter((code) => /^[A-Za-z_][\w.-]*(\(\))?$/.test(code) && !existsSync(code))
      .flatMap((code) => (known.has(code) ? [] : code.replace('()', '').split(/[.-]/)));
    expect(symbols.length).toBeGreaterThan(20);
    expect(symbols.filter((symbol) => !known.has(symbol))).toEqual([]);
  });

  test('is short', () => {
    expect(ARCHITECTURE.split('\n').length).toBeLessThan(260);
  });
});

describe('CONTRIBUTING.md', () => {
  test('answers at least ten questions, each by a file whose room the question is about', () => {
    const answers = [...CONTRIBUTING.matchAll(/^\| Where .+\? \| `src\/([\w-]+)\/([\w/.-]+)` \|$/gm)];
    expect(answers.length).toBeGreaterThanOrEqual(10);
    for (const [, room = ''] of answers) expect(Object.keys(ROOMS)).toContain(room);
  });

  test('each list of files to touch names the kinds that it is about', () => {
    const sections = [
      'a rule to a guideline',
      'an activity',
      'an event type',
      'a right',
      'a screen to the pages',
      'a list to the worklist',
      'a table about patients',
    ];
    for (const section of sections) {
      const [, text = ''] =
        new RegExp(`^## Add ${section}\\n([^]*?)(?=^## |(?![^]))`, 'm').exec(CONTRIBUTING) ?? [];
      expect(codeIn(text).filter(isPath).length).toBeGreaterThan(2);
    }
  });
});

test('the hosted CI runs scripts that exist, as three jobs', () => {
  const { jobs } = load(read('.github/workflows/ci.yml')) as {
    jobs: Record<string, { steps: { run?: string }[]; strategy?: { matrix: { suite?: string[] } } }>;
  };
  expect(Object.keys(jobs)).toEqual(['unit', 'integration', 'long']);
  const commands = Object.values(jobs).flatMap(({ steps, strategy }) => [
    ...steps.flatMap(({ run = '' }) => [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name)),
    ...(strategy?.matrix.suite ?? []).map((suite) => suite.split(' ')[0]),
  ]);
  expect(commands).toEqual(['check', 'test:unit', 'test:long', 'faults', 'simulate', 'fuzz', 'attack']);
  for (const name of commands) expect(scripts).toHaveProperty([name!]);
});

test('every suite is in one of the two test commands, and npm test takes the name of one', () => {
  const env = { ...process.env, TESTS_LEFT_OUT: '' }; // of a run of all suites
  const listed = (...command: string[]): string[] =>
    spawnSync('npm', ['run', '--silent', ...command, '--listTests'], { encoding: 'utf8', env })
      .stdout.split('\n')
      .filter((line) => line.endsWith('.spec.ts'))
      .map((path) => relative('.', path));
  const specs = ['src', 'web', 'test'].flatMap(below).filter((path) => path.endsWith('.spec.ts'));
  const [usual, long] = [listed('test', '--'), listed('test:long', '--')];
  expect([...usual, ...long].sort()).toEqual(specs.sort());
  expect(long).toContain('test/fuzz/fuzz.long.spec.ts');
  expect(listed('test', '--', 'test/encryption')).toEqual(['test/encryption/field-encryption.spec.ts']);
});

test('the version is the same everywhere', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const lock = JSON.parse(read('package-lock.json')) as {
    version: string;
    packages: Record<string, { version: string }>;
  };
  expect([lock.version, lock.packages['']?.version]).toEqual([version, version]);
  expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')}\\b`, 'm'));
});

test('every page in docs is linked from another page', () => {
  const linked = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => join(dirname(page), link)),
  );
  expect(
    PAGES.filter((page) => dirname(page) !== '.' && !linked.includes(page)).map((page) => basename(page)),
  ).toEqual([]);
});

describe('a page and its Chinese version', () => {
  const TRANSLATED = PAGES.filter((page) => PAGES.includes(chineseOf(page)));
  /** The levels of the headings, and the number of shown commands and of numbered steps. */
  const outlineOf = (page: string): object => ({
    headings: [...read(page).matchAll(/^(#+) /gm)].map(([, level]) => level),
    commands: read(page).match(/^ *\$ /gm)?.length ?? 0,
    steps: read(page).match(/^ *\d+\. /gm)?.length ?? 0,
  });

  test.each(TRANSLATED)('%s have the same sections, commands and steps, and link each other', (page) => {
    const chinese = chineseOf(page);
    expect(outlineOf(chinese)).toEqual(outlineOf(page));
    expect(read(page)).toMatch(new RegExp(`^\\[中文.*\\]\\(${basename(chinese)}\\)$`, 'm'));
    expect(read(chinese)).toMatch(new RegExp(`^\\[English\\]\\(${basename(page)}\\)$`, 'm'));
  });
});

function chineseOf(page: string): string {
  return page.replace(/\.md$/, '.zh-CN.md');
}
