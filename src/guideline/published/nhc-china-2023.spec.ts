import {
  colonoscopy,
  dues,
  exam,
  fact,
  month,
  months,
  ned,
  of,
  plannedBy,
  recurrence,
  resection,
  statusesOf,
  SURGERY,
  type Circumstances,
} from '../../../test/support/planned.js';
import { addDays } from '../calendar.js';
import type { ClinicalFact } from '../facts.js';
import type { Plan } from '../planner.js';
import { NHC_CHINA_2023 } from './nhc-china-2023.js';

const planned = (events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(NHC_CHINA_2023, events, given);
const withImaging = ({ items }: Plan, activity: string) =>
  items.filter((item) => [item.activity, ...item.covers].includes(activity)).map(({ due }) => due);
const codes = ({ flags }: Plan): string[] => flags.map(({ code }) => code);

test.each(['postoperative_review', 'postoperative_markers'])(
  '%s: every 3 months for 2 years, every 6 to year 5, then yearly, in either profile',
  (rule) => {
    const expected = months(
      SURGERY,
      3,
      6,
      9,
      12,
      15,
      18,
      21,
      24,
      30,
      36,
      42,
      48,
      54,
      60,
      72,
      84,
      96,
      108,
      120,
    );

    expect(dues(planned([resection()]), rule)).toEqual(expected);
    expect(dues(planned([resection()], { profile: 'minimal' }), rule)).toEqual(expected);
  },
);

test.each(['I', 'II', 'III'])('stage %s: chest, abdomen and pelvis CT yearly for 5 years', (stage) => {
  expect(dues(planned([resection({ stage })]), 'postoperative_ct')).toEqual(
    months(SURGERY, 12, 24, 36, 48, 60),
  );
});

test('abdomen and pelvis CT every 6 months for 2 years, then yearly to 5; the chest CT covers it where they meet', () => {
  const plan = planned([resection()]);

  expect(withImaging(plan, 'ct_abdomen_pelvis')).toEqual(months(SURGERY, 6, 12, 18, 24, 36, 48, 60));
  expect(dues(plan, 'postoperative_imaging_ct')).toEqual(months(SURGERY, 6, 18));
});

test('with MRI as the liver imaging, MRI at those months and the yearly chest CT beside it', () => {
  const plan = planned([resection()], { liverImaging: 'mri' });

  expect(dues(plan, 'postoperative_imaging_mri')).toEqual(months(SURGERY, 6, 12, 18, 24, 36, 48, 60));
  expect(dues(plan, 'postoperative_ct')).toEqual(months(SURGERY, 12, 24, 36, 48, 60));
  expect(withImaging(plan, 'ct_abdomen_pelvis')).toEqual([]);
});

test('an MRI satisfies the CT of month 6, and the change of method is flagged', () => {
  const plan = planned([resection(), exam('mri_liver', month(6))]);

  expect(statusesOf(plan, 'postoperative_imaging_ct')[0]).toEqual([month(6), 'completed']);
  expect(codes(plan)).toEqual(['imaging-method-changed']);
});

describe('colonoscopy', () => {
  const afterwards = (...events: ClinicalFact[]): string[] =>
    dues(planned([resection(), ...events], { until: month(160) }), 'colonoscopy');

  test('within a year, within 3 years, then every 5 years', () => {
    expect(afterwards()).toEqual(months(SURGERY, 12, 36, 96, 156));
  });

  test('both are limits: the day after is late', () => {
    expect(of(planned([resection()]), 'colonoscopy').map(({ due, overdue }) => [due, overdue])).toEqual([
      [month(12), addDays(month(12), 1)],
      [month(36), addDays(month(36), 1)],
      [month(96), addDays(month(96), 61)],
    ]);
  });

  test('an abnormal one within a year of it; once clean, month 36', () => {
    expect(afterwards(colonoscopy(month(10), 'abnormal'))).toEqual(months(SURGERY, 12, 22, 36, 96, 156));
  });

  test('with an incomplete preoperative one, between months 3 and 6 instead', () => {
    const plan = planned([resection({ preoperativeColonoscopy: 'incomplete' })], { until: month(96) });

    expect(of(plan, 'colonoscopy')[0]).toMatchObject({ earliest: month(3), due: month(6) });
    expect(dues(plan, 'colonoscopy')).toEqual(months(SURGERY, 6, 36, 96));
  });

  test('one at month 30 stands for that within 3 years, one the day before does not', () => {
    expect(afterwards(colonoscopy(month(12)), colonoscopy(month(30)))).toEqual([
      ...months(SURGERY, 12, 36, 90, 150),
    ]);
    expect(afterwards(colonoscopy(month(12)), colonoscopy(addDays(month(30), -1)))).toEqual(
      months(SURGERY, 12, 36, 96, 156),
    );
  });
});

test.each([recurrence(month(14)), fact('liver_metastasis_diagnosed', month(14)), fact('death', month(14))])(
  '$type ends everything that would fall due from that day on',
  (end) => {
    expect(planned([resection(), end]).items.filter(({ due }) => due >= end.date)).toEqual([]);
  },
);

test('after NED nothing is planned and a clinician is asked', () => {
  const plan = planned([fact('liver_metastasis_diagnosed', month(2)), resection(), ned()]);

  expect(plan.items.filter(({ due }) => due >= month(2) && due >= ned().date)).toEqual([]);
  expect(codes(plan)).toEqual(['nothing-stated-after-ned']);
});

test('stage IV: nothing is planned and a clinician is asked', () => {
  const plan = planned([resection({ stage: 'IV' })]);

  expect(plan.items).toEqual([]);
  expect(codes(plan)).toEqual(['nothing-stated-for-stage-iv']);
});
