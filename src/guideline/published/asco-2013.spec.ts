import {
  colonoscopy,
  dues,
  exam,
  month,
  months,
  ned,
  of,
  plannedBy,
  resection,
  statusesOf,
  SURGERY,
  type Circumstances,
} from '../../../test/support/planned.js';
import { addDays } from '../calendar.js';
import type { ClinicalFact } from '../facts.js';
import type { Plan } from '../planner.js';
import { ASCO_2013 } from './asco-2013.js';

const planned = (events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(ASCO_2013, events, given);
const codes = ({ flags }: Plan): string[] => flags.map(({ code }) => code);

describe.each(['postoperative_review', 'postoperative_markers'])('%s', (rule) => {
  test('every 3 months for 5 years, and none after', () => {
    expect(dues(planned([resection()]), rule)).toEqual(
      months(SURGERY, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60),
    );
  });

  test('minimal: every 6 months for 5 years', () => {
    expect(dues(planned([resection()], { profile: 'minimal' }), rule)).toEqual(
      months(SURGERY, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60),
    );
  });
});

test.each(['I', 'II', 'III'])('stage %s: chest and abdomen CT yearly for 3 years', (stage) => {
  const plan = planned([resection({ stage })]);

  expect(dues(plan, 'postoperative_ct')).toEqual(months(SURGERY, 12, 24, 36));
  expect(of(plan, 'postoperative_ct')[0]?.activity).toBe('ct_chest_abdomen');
});

test('a chest, abdomen and pelvis CT satisfies it, an abdomen and pelvis CT does not', () => {
  const done = (activity: string) =>
    statusesOf(planned([resection(), exam(activity, month(12))]), 'postoperative_ct')[0]?.[1];

  expect(done('ct_chest_abdomen_pelvis')).toBe('completed');
  expect(done('ct_chest_abdomen')).toBe('completed');
  expect(done('ct_abdomen_pelvis')).toBe('due');
});

describe('colonoscopy', () => {
  const afterwards = (...events: ClinicalFact[]): string[] =>
    dues(planned([resection(), ...events], { until: month(140) }), 'colonoscopy');

  test('at 1 year, then every 5 years', () => {
    expect(afterwards()).toEqual(months(SURGERY, 12, 72, 132));
    expect(afterwards(colonoscopy(month(11)))).toEqual(months(SURGERY, 12, 71, 131));
  });

  test('1 year is no limit: it is late after the tolerance of the hospital', () => {
    expect(of(planned([resection()]), 'colonoscopy')[0]?.overdue).toBe(addDays(month(12), 61));
  });

  test('a clean one soon after the operation does not stand for that of year 1', () => {
    expect(afterwards(colonoscopy(month(3)))).toEqual(months(SURGERY, 12, 72, 132));
  });

  test('after an abnormal one 12 months, and a clinician is asked until one has decided', () => {
    const found = [resection(), colonoscopy(month(12), 'abnormal')];
    const decided = { colonoscopy: { by: 'clinician', interval: 'P36M' } } as const;

    expect(dues(planned(found, { until: month(90) }), 'colonoscopy')).toEqual(months(SURGERY, 12, 24, 84));
    expect(codes(planned(found))).toEqual(['interval-to-be-decided-abnormal-colonoscopy']);
    expect(dues(planned(found, { until: month(90), rules: decided }), 'colonoscopy')[0]).toBe(month(48));
    expect(codes(planned(found, { rules: decided }))).toEqual([]);
  });

  test('after an incomplete preoperative one the date stays, and a clinician is asked', () => {
    const plan = planned([resection({ preoperativeColonoscopy: 'incomplete' })]);

    expect(dues(plan, 'colonoscopy')[0]).toBe(month(12));
    expect(codes(plan)).toEqual(['nothing-stated-for-incomplete-preoperative-colonoscopy']);
  });
});

test('after NED nothing is planned and a clinician is asked', () => {
  const plan = planned([resection(), ned()]);

  expect(plan.items.filter(({ due }) => due >= ned().date)).toEqual([]);
  expect(codes(plan)).toEqual(['nothing-stated-after-ned']);
});

test('stage IV: nothing is planned and a clinician is asked', () => {
  const plan = planned([resection({ stage: 'IV' })]);

  expect([plan.items, codes(plan)]).toEqual([[], ['nothing-stated-for-stage-iv']]);
});
