import { describe, expect, test } from '@jest/globals';
import { GUIDELINES } from '../guideline/published/index.js';
import { readGuideline } from './guideline-file.js';

/* oxlint-disable-next-line typescript/no-explicit-any -- the tests break it in every way */
type Json = any;

const published = (): Json => JSON.parse(JSON.stringify(GUIDELINES[0]));

const AFP = {
  ...{
    code: 'AFP',
    title: { zh: '甲胎蛋白', en: 'alpha-fetoprotein' },
    unit: 'ng/mL',
    otherUnits: { 'ug/L': 0 },
  },
  plausible: { from: 0.1, to: 1e7 },
  referenceLimit: { default: 7, from: 5, to: 20 },
  basis: { zh: '示例', en: 'Example' },
};

function faultsAfter(change: (guideline: Json) => void): [string, string][] {
  const guideline = published();
  change(guideline);
  const read = readGuideline(JSON.stringify(guideline));
  return 'faults' in read ? read.faults.map(({ pointer, code }) => [pointer, code]) : [];
}

test('every published guideline is what a file of it says', () => {
  for (const guideline of GUIDELINES) {
    expect(readGuideline(JSON.stringify(guideline))).toEqual({ guideline });
  }
});

describe('a file is refused by the name of each problem', () => {
  const rule = (guideline: Json, kind: string): Json =>
    guideline.rules.find((one: Json) => one.kind === kind);

  test.each<[string, (guideline: Json) => void, string, string]>([
    ['an unknown activity', (g) => (g.rules[0].activity = 'pet_ct'), '/rules/0/activity', 'unknown-activity'],
    ['no phase', (g) => (g.rules[0].phases = []), '/rules/0/phases/0', 'required'],
    ['an empty phase', (g) => (g.rules[0].phases[1].until = 'P25M'), '/rules/0/phases/1', 'empty-phase'],
    [
      'a range upside down',
      (g) => (g.rules[0].phases[0].every = ['P6M', 'P3M']),
      '/rules/0/phases/0/every',
      'range-upside-down',
    ],
    [
      'an interval of no time',
      (g) => (g.rules[0].phases[0].every = 'P0M'),
      '/rules/0/phases/0/every',
      'no-time',
    ],
    [
      'a thousand-year horizon',
      (g) => (g.rules[0].phases[1].until = 'P1000Y'),
      '/rules/0/phases/1/until',
      'too-long',
    ],
    [
      'a phase that is never reached',
      (g) => delete g.rules[0].phases[0].until,
      '/rules/0/phases/0/until',
      'required',
    ],
    [
      'a pathway that does not exist',
      (g) => (g.rules[0].pathway = 'nowhere'),
      '/rules/0/pathway',
      'unknown-pathway',
    ],
    ['two rules of one name', (g) => (g.rules[1].id = g.rules[0].id), '/rules/1/id', 'id-twice'],
    [
      'a finding that asks for itself',
      (g) => rule(g, 'after-finding').after.where.activity.push('mri_liver'),
      '/rules/11/after',
      'cycle',
    ],
    [
      'examinations that include each other',
      (g) => (g.covers.ct_abdomen_pelvis = ['ct_chest_abdomen_pelvis']),
      '/covers/ct_abdomen_pelvis',
      'cycle',
    ],
    [
      'an assumed result that does not count',
      (g) => (rule(g, 'chain').assumed = 'incomplete'),
      '/rules/4/assumed',
      'not-counted',
    ],
    [
      'a measurement of an unknown activity',
      (g) => (g.measurements = { pet_ct: [AFP] }),
      '/measurements',
      'unknown-activity',
    ],
    [
      'a measurement that the house has',
      (g) => (g.measurements = { tumour_markers: [{ ...AFP, code: 'ca 199' }] }),
      '/measurements/tumour_markers/0/code',
      'already-known',
    ],
    [
      'a unit in two spellings',
      (g) => (g.measurements = { tumour_markers: [{ ...AFP, otherUnits: { 'NG/ml': 0 } }] }),
      '/measurements/tumour_markers/0/otherUnits',
      'unit-twice',
    ],
    [
      'bounds upside down',
      (g) => (g.measurements = { tumour_markers: [{ ...AFP, plausible: { from: 5, to: 1 } }] }),
      '/measurements/tumour_markers/0/plausible',
      'range-upside-down',
    ],
    [
      'a usual limit that no limit can be',
      (g) =>
        (g.measurements = { tumour_markers: [{ ...AFP, referenceLimit: { from: 5, to: 20, default: 25 } }] }),
      '/measurements/tumour_markers/0/referenceLimit/default',
      'out-of-range',
    ],
    ['a field misspelt', (g) => (g.rules[0].phase = 1), '/rules/0/phase', 'unknown-field'],
    [
      'a missing interpretation',
      (g) => delete g.rules[0].interpretation,
      '/rules/0/interpretation',
      'required',
    ],
  ])('%s', (_, change, pointer, code) => expect(faultsAfter(change)).toContainEqual([pointer, code]));

  test('no measurement, where it is right', () => {
    expect(faultsAfter((g) => (g.measurements = { tumour_markers: [AFP] }))).toEqual([]);
  });

  test('what is not JSON', () => {
    expect(readGuideline('{')).toMatchObject({ faults: [{ pointer: '', code: 'not-json' }] });
  });
});
