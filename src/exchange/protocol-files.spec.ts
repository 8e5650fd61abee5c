import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fact, plannedBy } from '../../test/support/planned.js';
import type { ClinicalFact } from '../guideline/facts.js';
import type { Guideline } from '../guideline/guideline.js';
import { GuidelineFile, readGuideline } from './guideline-file.js';

/* oxlint-disable-next-line typescript/no-explicit-any -- pieces of a file, completed below */
type Json = any;

const doc = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const DOCUMENTED = { zh: '示例', en: 'Example' };
const SPOKEN = { section: '1', title: DOCUMENTED };
const NOT_PRINTED = { evidence: null, grade: null };
const FOLLOW_UP = {
  id: 'follow_up',
  ...SPOKEN,
  clock: { event: 'primary_resection' },
  endedBy: ['primary_resection', 'recurrence', 'death'],
};

const ruleOf = (piece: Json): Json => {
  const base = { id: 'rule', ...SPOKEN, interpretation: DOCUMENTED };
  const phase = (one: Json): Json => ({ ...one, ...NOT_PRINTED });
  if (piece.phases)
    return {
      kind: 'recurring',
      activity: 'tumour_markers',
      pathway: 'follow_up',
      ...base,
      ...piece,
      phases: piece.phases.map(phase),
    };
  if (piece.cases)
    return {
      kind: 'chain',
      activity: 'colonoscopy',
      anchor: 'rolling',
      clock: { event: 'primary_resection' },
      pathways: ['follow_up'],
      counts: { event: 'colonoscopy', field: 'finding', results: ['normal', 'abnormal'] },
      assumed: 'normal',
      ...base,
      ...piece,
      cases: piece.cases.map(phase),
    };
  return { kind: 'after-finding', pathways: ['follow_up'], ...base, ...NOT_PRINTED, ...piece };
};

const fileOf = (piece: Json): Json => ({
  id: 'own',
  version: '1.0.0',
  title: DOCUMENTED,
  sources: ['own'],
  covers: {},
  ...piece,
  pathways: [FOLLOW_UP, ...(piece.pathways ?? []).map((one: Json) => ({ ...SPOKEN, ...one }))],
  rules: piece.rules.map(ruleOf),
  flags: (piece.flags ?? []).map((one: Json) => ({ message: DOCUMENTED, ...one })),
});

/** `type date field=value` → a fact. */
function factOf(documented: string): ClinicalFact {
  const [type = '', date = '', ...fields] = documented.trim().split(' ');
  return fact(
    type,
    date,
    Object.fromEntries(
      fields.map((field): [string, unknown] => {
        const [name = '', value] = field.split('=');
        return [name, value];
      }),
    ),
  );
}

/** Each code block of "How to say", with the lines under it: the recorded events, and the due dates. */
const pieces = [
  ...doc('protocol-files.md').matchAll(/```json\n([\s\S]*?)```\n([\s\S]*?)(?=\n```|\n#)/g),
].flatMap(([, json = '', after = '']) =>
  [...after.matchAll(/^`(.+) → (.+)`$/gm)].map(([, recorded = '', due = '']) => ({ json, recorded, due })),
);

function guidelineOf(json: string): Guideline {
  const read = readGuideline(JSON.stringify(fileOf(JSON.parse(json))));
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.guideline;
}

describe('every piece of the page on protocol files gives the dates written under it', () => {
  test('all of them are tried', () => {
    expect(new Set(pieces.map(({ json }) => json)).size).toBe(
      doc('protocol-files.md').split('```json').length - 1,
    );
  });

  test.each(pieces)('$recorded → $due', ({ json, recorded, due }) => {
    const guideline = guidelineOf(json);
    const plan = plannedBy(guideline, recorded.split(',').map(factOf), {
      birthDate: '1980-06-01',
      until: '2035-12-31',
    });
    const documented = due === 'none' ? [] : due.split(',').map((one) => one.trim());
    const isNamed = documented[0]?.includes(' ') ?? false;

    expect(plan.items.map((item) => (isNamed ? `${item.due} ${item.activity}` : item.due))).toEqual(
      documented,
    );
  });
});

test('the example file has no problems and plans a patient', () => {
  const read = readGuideline(doc('examples/own-protocol.json'));
  if (!('guideline' in read)) throw new Error(JSON.stringify(read.faults));
  const plan = plannedBy(read.guideline, [factOf('primary_resection 2024-01-15 stage=II intent=curative')], {
    birthDate: '1956-03-01',
  });
  const its = (rule: string) =>
    plan.items.filter((item) => item.rule === rule).map(({ due, activity }) => `${due} ${activity}`);

  expect(its('markers').length).toBe(14);
  expect(its('liver_imaging').slice(0, 2)).toEqual([
    '2024-07-15 liver_ultrasound',
    '2025-01-15 ct_chest_abdomen_pelvis',
  ]);
  expect(its('colonoscopy')).toEqual([
    '2025-01-15 colonoscopy',
    '2028-01-15 colonoscopy',
    '2031-01-15 colonoscopy',
  ]);
});

test('the schema in docs equals the output of `guideline schema`', () => {
  expect(doc('guideline.schema.json')).toBe(
    `${JSON.stringify(z.toJSONSchema(GuidelineFile, { io: 'input' }), null, 2)}\n`,
  );
});
