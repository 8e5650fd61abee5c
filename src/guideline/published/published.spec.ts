import { createHash } from 'node:crypto';
import { problemsOf } from '../check.js';
import type { Recommendation, Rule } from '../guideline.js';
import { CRLM_CN_2025 } from './crlm-cn-2025.js';
import { findGuideline, GUIDELINES, versionedId } from './index.js';

const printedOf = (rule: Rule): readonly Recommendation[] =>
  rule.kind === 'recurring' ? rule.phases : rule.kind === 'chain' ? rule.cases : [rule];
const grades = (rule: Rule): string[] =>
  printedOf(rule).map(({ evidence, grade }) => `${evidence ?? '-'}${grade ?? '-'}`);

describe.each(GUIDELINES.map((guideline) => [versionedId(guideline), guideline] as const))(
  '%s',
  (_, guideline) => {
    test('every rule names its section and shows its reading in Chinese and English', () => {
      for (const { id, section, title, interpretation } of guideline.rules) {
        expect([id, section]).toEqual([id, expect.stringMatching(/^\S.*\S$/)]);
        for (const text of [title, interpretation]) {
          expect([id, text.zh]).toEqual([id, expect.stringMatching(/[\u4e00-\u9fff]/)]);
          expect([id, text.en]).toEqual([id, expect.stringMatching(/^["A-Z\d][^\u4e00-\u9fff]+$/)]);
        }
      }
    });

    test('every pathway and flag speaks both languages', () => {
      for (const text of [
        ...guideline.pathways.map(({ title }) => title),
        ...guideline.flags.map(({ message }) => message),
      ]) {
        expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(text.en).toMatch(/^["A-Za-z][^\u4e00-\u9fff]+$/);
      }
    });

    test('rule ids are unique, and every pathway that a rule names exists', () => {
      const ids = guideline.rules.map(({ id }) => id);
      const pathways = guideline.pathways.map(({ id }) => id);

      expect(new Set(ids).size).toBe(ids.length);
      for (const rule of guideline.rules)
        expect(pathways).toEqual(
          expect.arrayContaining(rule.kind === 'recurring' ? [rule.pathway] : [...rule.pathways]),
        );
    });

    test('nothing is wrong with it', () => {
      expect(problemsOf(guideline)).toEqual([]);
    });

    test('evidence and grade are printed together or not at all', () => {
      for (const rule of guideline.rules)
        for (const { evidence, grade } of printedOf(rule)) expect(evidence === null).toBe(grade === null);
    });

    test('is found by its version, and the newest of an id by the id', () => {
      expect(findGuideline(guideline.id)).toBe(GUIDELINES.findLast(({ id }) => id === guideline.id));
      expect(findGuideline(versionedId(guideline))).toBe(guideline);
    });
  },
);

/** SHA-256 of the JSON of every published version. */
const FROZEN: Readonly<Record<string, string>> = {
  'asco-2013@1.0.0': '9454e563184c0abfeb94cd00ce3082a36060eea2aab771926c7fdc4521d7199e',
  'crlm-cn-2025@1.0.0': 'aeaf9ca97e76c320fb57ef4980c449bb15235741bb058abc18a1b957b73a47ad',
  'crlm-cn-2025@1.1.0': '26855431a786c0c11497c907ae0287585e61f44a2155e8241e5c260c768ceacf',
  'esmo-colon@1.0.0': '2961fa7659d5d5c08eb4ec05045cd2640bde260b582ab7ffdd3070cd599ae21e',
  'nhc-china-2023@1.0.0': '6eb4648b70a53e778243f6d9ec42a2d3bf8111ab4ff5f27eb9847e8e5a25cf4f',
  'nice-ng151@1.0.0': 'c27c78eae907a6fd31757371d22f5e645b0d35201f89994a498ff0f68ec75f08',
};

test('no published version has changed: a correction is a new version, in a file of its own', () => {
  const now = GUIDELINES.map((guideline) => [
    versionedId(guideline),
    createHash('sha256').update(JSON.stringify(guideline)).digest('hex'),
  ]);
  const remedy = now
    .filter(([version = '', digest]) => version in FROZEN && FROZEN[version] !== digest)
    .map(
      ([version]) => `${version} is published: undo the change, and write the correction as a new version`,
    );

  expect(remedy).toEqual([]);
  expect(Object.fromEntries(now)).toEqual(FROZEN);
});

const SECONDARY = GUIDELINES.filter(({ id }) => id !== CRLM_CN_2025.id);

test.each(SECONDARY.map((guideline) => [guideline.id, guideline] as const))(
  '%s, from a secondary source, says so, names its addresses, and shows no grade',
  (_, { caution, sources, rules }) => {
    expect(caution?.zh).toMatch(/二手资料.*医生确认/);
    expect(caution?.en).toMatch(/secondary source, to be confirmed by a clinician/);
    for (const source of sources) expect(source).toMatch(/^(https:|doi:)/);
    expect([...new Set(rules.flatMap(grades))]).toEqual(['--']);
  },
);

test('the 2025 guideline numbers its sections', () => {
  for (const { section } of CRLM_CN_2025.rules) expect(section).toMatch(/^\d/);
});

test('the 2025 guideline shows the grades printed behind the phases and borrows none', () => {
  expect(Object.fromEntries(CRLM_CN_2025.rules.map((rule) => [rule.id, grades(rule)]))).toEqual({
    postoperative_review: ['1aA', '1aA', '--'],
    postoperative_liver_ultrasound: ['1aA', '1aA', '--'],
    postoperative_markers: ['1aA', '1aA', '--'],
    postoperative_ct: ['1bA', '--'],
    colonoscopy: ['1aA', '--', '--', '--', '--'],
    ned_markers: ['1aA', '1aA', '--'],
    ned_imaging_ct: ['1aA', '1aA', '--'],
    ned_imaging_mri: ['1aA', '1aA', '--'],
    ned_review: ['--', '--', '--'],
    ned_liver_ultrasound: ['--', '--', '--'],
    ned_chest_ct: ['--', '--'],
    suspicious_finding_mri: ['1aA'],
    conversion_liver_ultrasound: ['--'],
    conversion_ct: ['--'],
  });
});

test('the 2025 guideline schedules neither PET/CT nor PET/MRI', () => {
  expect(CRLM_CN_2025.rules.map(({ activity }) => activity).join()).not.toMatch(/pet/i);
});

test('the rules of the 2025 guideline name every reading they take; A12 and A42 are about showing, not planning', () => {
  const interpretations = CRLM_CN_2025.rules.map(({ interpretation }) => interpretation.en).join(' ');
  const named = new Set([...interpretations.matchAll(/A(\d\d)/g)].map(([, number]) => Number(number)));
  const numbers = Array.from({ length: 41 }, (_, index) => index + 1).filter((number) => number !== 12);

  expect(numbers.filter((number) => !named.has(number))).toEqual([]);
});
