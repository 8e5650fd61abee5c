import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';
import { CHECKOUT } from '../checkout.js';
import { type MessageKey, SUBJECTS } from './dictionary.js';
import { SIGNATURE_FINDING_MESSAGES } from './signature-findings.js';

const ENTRIES = new Map(Object.values(SUBJECTS).flatMap((subject) => Object.entries(subject)));

/** Where a problem or a validation error is made, and which argument is its code. */
const MAKERS: Readonly<Record<string, number>> = {
  DomainError: 1,
  invalid: 0,
  tooMany: 0,
  notFound: 0,
  fault: 1,
  refusal: 1,
  refuse: 1,
};

interface Found {
  /** Keys of texts from `msg` and `issue`; of a template literal, the pattern of its values. */
  readonly keys: RegExp[];
  /** Codes of problems and validation errors, and whether each has a text. */
  readonly codes: Map<string, boolean>;
  sites: number;
}

const sources = (readdirSync(join(CHECKOUT, 'src'), { recursive: true }) as string[])
  .filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.startsWith('platform/messages/'),
  )
  .map((name) => {
    const text = readFileSync(join(CHECKOUT, 'src', name), 'utf8');
    return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  });

/** The texts that an argument can be: both branches of a condition; of a template literal, each matching text. */
function patternsOf(node: ts.Expression | undefined): RegExp[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [new RegExp(`^${node.text}$`)];
  if (ts.isConditionalExpression(node)) return [...patternsOf(node.whenTrue), ...patternsOf(node.whenFalse)];
  if (ts.isTemplateExpression(node))
    return [
      new RegExp(`^${node.head.text}${node.templateSpans.map((span) => `.+${span.literal.text}`).join('')}$`),
    ];
  return [];
}

function look(node: ts.Node, found: Found): void {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
    const name = node.expression.getText();
    const { arguments: given = [] } = node;
    if (name === 'msg' || name === 'issue') found.keys.push(...patternsOf(given[0]));
    const at = MAKERS[name];
    const code = at === undefined ? undefined : given[at];
    if (code !== undefined && ts.isStringLiteralLike(code)) {
      found.sites++;
      const named = name === 'notFound' ? `${code.text}-not-found` : code.text;
      const worded =
        name === 'notFound' || given.some((one) => /\b(msg\(|message|text|faults)/.test(one.getText()));
      found.codes.set(named, worded || (found.codes.get(named) ?? false));
    }
  }
  // A union of codes that select texts, such as an argument passed to `msg`.
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) && ENTRIES.has(node.literal.text))
    found.keys.push(new RegExp(`^${node.literal.text}$`));
  if (ts.isVariableDeclaration(node) && node.name.getText() === 'key')
    found.keys.push(...patternsOf(node.initializer));
  ts.forEachChild(node, (child) => look(child, found));
}

const found: Found = { keys: [], codes: new Map(), sites: 0 };
for (const source of sources) look(source, found);

test('every code of a problem or a validation error has a text of the dictionary', () => {
  expect(found.sites).toBeGreaterThan(150);
  expect(found.codes.size).toBeGreaterThan(90);
  expect([...found.codes].filter(([, worded]) => !worded)).toEqual([]);
  const kebab = /^[a-z\d]+(-[a-z\d]+)*$/;
  expect([...found.codes.keys()].filter((code) => !kebab.test(code))).toEqual([]);
});

test('every text of the dictionary is used somewhere, and each that is used is in the dictionary', () => {
  const own = readdirSync(join(CHECKOUT, 'src/platform/messages'))
    .filter((name) => /^(issues|dictionary)\.ts$/.test(name))
    .map((name) => readFileSync(join(CHECKOUT, 'src/platform/messages', name), 'utf8'))
    .join('\n');
  const used = (key: string): boolean =>
    found.keys.some((pattern) => pattern.test(key)) ||
    own.includes(`msg('${key}'`) ||
    own.includes(`? '${key}' :`) ||
    own.includes(`: '${key}',`) ||
    key in SIGNATURE_FINDING_MESSAGES ||
    key.endsWith('-not-found') ||
    key.startsWith('plan-change-not-');
  const keys = [...ENTRIES.keys()] as MessageKey[];
  expect(keys.length).toBeGreaterThan(350);
  expect(keys.filter((key) => !used(key))).toEqual([]);
  const literal = found.keys.filter(({ source }) => !source.includes('.+'));
  expect(literal.filter((pattern) => !keys.some((key) => pattern.test(key)))).toEqual([]);
});
