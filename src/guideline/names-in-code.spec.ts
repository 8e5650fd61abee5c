import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { activitiesIn, activityNamed, examOutcomes } from './activities.js';
import { CLINICAL_EVENT_TYPES, EVENT_FIELDS } from './facts.js';

const SRC = fileURLToPath(new URL('../', import.meta.url));

/** Activities, event types, and the outcomes and values that only they have. */
const NAMES = new Set<string>([
  ...activitiesIn({}),
  ...CLINICAL_EVENT_TYPES,
  ...examOutcomes({}),
  ...activitiesIn({}).flatMap((code) => activityNamed(code, {})?.outcomes ?? []),
  ...Object.values<Record<string, readonly string[] | null>>(EVENT_FIELDS).flatMap((fields) =>
    Object.values(fields).flatMap((values) => values ?? []),
  ),
]);
/** In SQL and other languages inside a text: the name between quotes. */
const quotedIn = (text: string): string[] =>
  [...text.matchAll(/['"]([A-Za-z_]+)['"]/g)].flatMap(([, name = '']) => (NAMES.has(name) ? [name] : []));

const DATA = new Set<string>([...activitiesIn({}), ...CLINICAL_EVENT_TYPES]);

/** `complete` is also the step by which the result of an item is recorded; an outcome of that name is none of these parts'. */
const isStep = (file: string, name: string): boolean =>
  name === 'complete' && /^worklist\/(steps|appointments|bulk)\/|^schedules\/steps-of-plan\.ts$/.test(file);

/** The names in the code of one file, each with its line. */
function namesIn(file: string, code: string): string[] {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const at = (names: readonly string[]): void => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      for (const name of names) if (!isStep(file, name)) found.push(`${file}:${line + 1} ${name}`);
    };
    if (ts.isStringLiteralLike(node)) at(NAMES.has(node.text) ? [node.text] : quotedIn(node.text));
    if (ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node))
      at(quotedIn(node.text));
    const name = ts.isPropertyAccessExpression(node)
      ? node.name
      : ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)
        ? node.name
        : undefined;
    if (name && DATA.has(name.text)) at([name.text]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('the check finds a name as a string, in SQL, as a field of an object and in a template', () => {
  const planted = [
    `const a = type === 'colonoscopy';`,
    "const b = `SELECT 1 WHERE type = 'recurrence'`;",
    'const c = EVENT_FIELDS.liver_ned;',
    'const d = `${a} AND outcome = "suspicious"`;',
    'const e = { death: 1 };',
  ];
  expect(planted.map((code) => namesIn('planted.ts', code))).toEqual([
    ['planted.ts:1 colonoscopy'],
    ['planted.ts:1 recurrence'],
    ['planted.ts:1 liver_ned'],
    ['planted.ts:1 suspicious'],
    ['planted.ts:1 death'],
  ]);
});

test('no code outside this room names an activity, a type of event, an outcome or a value of an event', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('guideline/') && !file.endsWith('.spec.ts'),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => namesIn(file, readFileSync(`${SRC}${file}`, 'utf8')))).toEqual([]);
});
