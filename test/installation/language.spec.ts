import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { CHECKOUT } from '../../src/platform/checkout.js';

// Names are made of the words of the field. CONTRIBUTING.md says which word is used for what.

/** Words that no declared name contains. */
const NOT_IN_NAMES =
  /^(whoever|whosoever|somebody|nobody|told|teller|said|stands|standing|thought|thoughts|hasten|vouched|judgement|journey)$/;

/** Names that an earlier version used for something that has a term of its own. */
const REPLACED = [
  ...['PlanChange', 'Teller', 'ToldMessage', 'ToldPatient', 'Judgement', 'remindingHours'],
  ...['lookForRoom', 'takeRoom', 'hasten', 'bringForward', 'holdEndpoints', 'admitEndpoint'],
  ...['standingEvents', 'STANDINGS', 'allowedBeforeAnythingIsSaid', 'searchTerms', 'personVouchedFor'],
];

/** Where a word above is the term of the field, or part of a name that others rely on. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

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
  const source = ts.createSourceFile(
    path,
    readFileSync(join(CHECKOUT, path), 'utf8'),
    ts.ScriptTarget.ES2023,
  );
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

describe('names', () => {
  const code = ['src', 'test', 'bench'].flatMap((folder) => filesIn(folder, /\.m?ts$/));

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
