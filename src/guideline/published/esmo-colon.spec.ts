import {
  colonoscopy,
  dues,
  month,
  months,
  ned,
  of,
  plannedBy,
  resection,
  SURGERY,
  type Circumstances,
} from '../../../test/support/planned.js';
import { addDays } from '../calendar.js';
import type { ClinicalFact } from '../facts.js';
import type { Plan } from '../planner.js';
import { ESMO_COLON } from './esmo-colon.js';

const planned = (events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(ESMO_COLON, events, given);
const codes = ({ flags }: Plan): string[] => flags.map(({ code }) => code);

describe.each(['postoperative_review', 'postoperative_markers'])('%s', (rule) => {
  test('every 3 months for 3 years, every 6 in years 4 and 5, and none after', () => {
    expect(dues(planned([resection()]), rule)).toEqual(
      months(SURGERY, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 42, 48, 54, 60),
    );
  });

  test('minimal: every 6 months for 3 years, yearly in years 4 and 5', () => {
    expect(dues(planned([resection()], { profile: 'minimal' }), rule)).toEqual(
      months(SURGERY, 6, 12, 18, 24, 30, 36, 48, 60),
    );
  });
});

test.each(['I', 'II', 'III'])('stage %s: CT every 6 to 12 months for 3 years, then yearly to 5', (stage) => {
  const patient = [resection({ stage })];

  expect(dues(planned(patient), 'postoperative_ct')).toEqual(months(SURGERY, 6, 12, 18, 24, 30, 36, 48, 60));
  expect(dues(planned(patient, { profile: 'minimal' }), 'postoperative_ct')).toEqual(
    months(SURGERY, 12, 24, 36, 48, 60),
  );
});

describe('colonoscopy', () => {
  const afterwards = (given: Circumstances, ...events: ClinicalFact[]): string[] =>
    dues(planned([resection(), ...events], { until: month(132), ...given }), 'colonoscopy');

  test('from 1 year on every 3 to 5 years', () => {
    expect(afterwards({})).toEqual(months(SURGERY, 12, 48, 84, 120));
    expect(afterwards({ profile: 'minimal' })).toEqual(months(SURGERY, 12, 72, 132));
  });

  test('it is late once 5 years have passed since the last one', () => {
    const plan = planned([resection(), colonoscopy(month(12))]);

    expect(of(plan, 'colonoscopy')[1]).toMatchObject({ due: month(48), overdue: addDays(month(72), 1) });
  });

  test('after an abnormal one 12 months, and a clinician is asked', () => {
    expect(afterwards({}, colonoscopy(month(12), 'abnormal'))).toEqual(months(SURGERY, 12, 24, 60, 96, 132));
    expect(codes(planned([resection(), colonoscopy(month(12), 'abnormal')]))).toEqual([
      'interval-to-be-decided-abnormal-colonoscopy',
    ]);
  });

  test('a clean one soon after the operation does not stand for that of year 1', () => {
    expect(afterwards({}, colonoscopy(month(3)))).toEqual(months(SURGERY, 12, 48, 84, 120));
  });
});

test('cancer of the rectum: nothing is planned, and the guideline says that it is for the colon', () => {
  const plan = planned([resection({ site: 'rectum' })]);

  expect([plan.items, codes(plan)]).toEqual([[], ['nothing-stated-for-rectum']]);
});

test('after NED nothing is planned and a clinician is asked', () => {
  const plan = planned([resection(), ned()]);

  expect(plan.items.filter(({ due }) => due >= ned().date)).toEqual([]);
  expect(codes(plan)).toEqual(['nothing-stated-after-ned']);
});
