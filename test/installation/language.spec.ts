import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { CHECKOUT } from '../../src/platform/checkout.js';

// Names are made of the words of the field. CONTRIBUTING.md says which word is used for what.

/** Words that no declared name contains. */
const NOT_IN_NAMES =
  /^(whoever|whosoever|somebody|nobody|told|teller|said|stands|standing|thought|thoughts|hasten|vouched|judgement|journey|deaf)$/;

const MAY_BE_IN_NAMES = new RegExp(NOT_IN_NAMES.source.slice(1, -1), 'i');

/** Names that an earlier version used for something that has a term of its own. */
const REPLACED = [
  ...['PlanChange', 'Teller', 'ToldMessage', 'ToldPatient', 'Judgement', 'remindingHours'],
  ...['lookForRoom', 'takeRoom', 'hasten', 'bringForward', 'holdEndpoints', 'admitEndpoint'],
  ...['standingEvents', 'STANDINGS', 'allowedBeforeAnythingIsSaid', 'searchTerms', 'personVouchedFor'],
];

/** Where a word above is the term of the field, or part of a name that others rely on. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  judgement: 'The field of POST /reviews/{id}/judgement, which hospitals rely on.',
};

/**
 * Phrases that comments and test names do not contain: words without a noun, old words, and the authors' own
 * pictures.
 */
const BANNED = [
  ...[/\b(whoever|whosoever|whomever|somebody|someone|nobody)\b/, /\b(told|tells?|vouch\w*|hasten\w*)\b/],
  ...[/\b(is|are|was|were|been) said\b/, /\bkeeps? quiet\b/, /\bdeaf\b/, /\bthe house\b/, /\bfor ever\b/],
  ...[/\b(a|another|one|each|first|last) look\b(?!-)/, /\banew\b/, /\bgoes on\b/, /\bnowhere kept\b/],
];

/** Words with another term in CONTRIBUTING.md, and the folders where they have that meaning. */
const OTHER_TERMS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bslots?\b/, ['src/guideline/', 'src/schedules/', 'src/worklist/', 'test/independent-reading/']], // grid date, item
  [/\b(faults?|breach(es)?)\b/, ['src/guideline/', 'src/monitoring/', 'src/exchange/', 'test/simulation/']], // problem, violation
  [/\bplan changes?\b/, ['src/', 'test/', 'bench/']], // plan diff, policy rollout
  [/\b(judgements?|verdicts?)\b/, ['src/', 'test/', 'bench/']], // validation error, result
];

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name) && !/node_modules|(^|\/)dist\//.test(name))
    .map((name) => `${folder}/${name}`);

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

/** The names that a file declares: of types, functions, variables, parameters, properties. */
function declaredIn(path: string): Set<string> {
  const text = readFileSync(join(CHECKOUT, path), 'utf8');
  if (!MAY_BE_IN_NAMES.test(text)) return new Set(); // parsing all files takes seconds
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const { name } = node as { name?: ts.Node };
    if (name !== undefined && ts.isIdentifier(name) && !ts.isPropertyAccessExpression(node))
      names.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** The comments of a file and the names of its tests, each in one line, without quoted code. */
function proseOf(path: string): string[] {
  const text = readFileSync(join(CHECKOUT, path), 'utf8');
  const comments =
    text.match(/^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*(\n[ \t]*\/\/.*)*|(?<=[;,{(] )\/\/ .*/gm) ?? [];
  const tests = path.endsWith('.spec.ts')
    ? (text.match(/\b(test|describe)\b[^'"`\n]*\(\s*(['"`]).*?(?<!\\)\2/g) ?? [])
    : [];
  return [...comments, ...tests].map((one) =>
    one
      .replace(/\s*\n\s*(\*|\/\/)?/g, ' ')
      .replace(/`[^`]*`/g, (code) => (one.includes('//') || one.includes('/*') ? '' : code))
      .toLowerCase(),
  );
}

const code = ['src', 'web', 'test', 'bench'].flatMap((folder) => filesIn(folder, /\.(m?ts|tsx)$/));

describe('prose', () => {
  test('comments and names of tests are in plain terms', () => {
    const checked = [...code, ...filesIn('bin', /\.mjs$/)].filter(
      (path) => path !== 'test/installation/language.spec.ts',
    );
    const found = checked.flatMap((path) => {
      const terms = OTHER_TERMS.filter(([, folders]) => folders.some((folder) => path.startsWith(folder)));
      const patterns = [...BANNED, ...terms.map(([pattern]) => pattern)];
      return proseOf(path).flatMap((prose) =>
        patterns.flatMap((pattern) => {
          const at = prose.search(pattern);
          return at < 0 ? [] : [`${path}: ${prose.slice(Math.max(0, at - 60), at + 60)}`];
        }),
      );
    });
    expect(found).toEqual([]);
  });
});

describe('names', () => {
  test('declared names contain none of the words that only their authors understood', () => {
    const found = code.flatMap((path) =>
      [...declaredIn(path)]
        .filter((name) => wordsOf(name).some((word) => NOT_IN_NAMES.test(word)) && !(name in EXCEPTIONS))
        .map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  test('replaced names are gone from code, pages and documents', () => {
    const all = [...code, ...filesIn('web', /\.(html|js|ts|css)$/), ...filesIn('docs', /\.md$/), 'README.md'];
    const pattern = new RegExp(`\\b(${REPLACED.join('|')})\\b`, 'g');
    const self = 'test/installation/language.spec.ts';
    const found = all
      .filter((path) => path !== self)
      .flatMap((path) =>
        [...readFileSync(join(CHECKOUT, path), 'utf8').matchAll(pattern)].map(([name]) => `${path}: ${name}`),
      );
    expect(found).toEqual([]);
  });
});
