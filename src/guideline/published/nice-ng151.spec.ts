import {
  colonoscopy,
  dues,
  fact,
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
import { NICE_NG151 } from './nice-ng151.js';

const planned = (events: readonly ClinicalFact[], given: Circumstances = {}) =>
  plannedBy(NICE_NG151, events, given);
const codes = ({ flags }: Plan): string[] => flags.map(({ code }) => code);

test.each(['I', 'II', 'III'])('stage %s: CEA every 6 months for 3 years', (stage) => {
  expect(dues(planned([resection({ stage })]), 'postoperative_markers')).toEqual(
    months(SURGERY, 6, 12, 18, 24, 30, 36),
  );
});

test.each(['I', 'II', 'III'])('stage %s: two CTs in 3 years, at months 12 and 36', (stage) => {
  expect(dues(planned([resection({ stage })]), 'postoperative_ct')).toEqual(months(SURGERY, 12, 36));
});

test('a CT not done at month 12 waits until that of month 36 opens', () => {
  expect(of(planned([resection()]), 'postoperative_ct')[0]).toMatchObject({
    earliest: addDays(month(12), -60),
    overdue: addDays(month(12), 61),
    missedOn: addDays(month(36), -60),
  });
});

test('no visits are planned: the source states none', () => {
  expect(new Set(planned([resection()]).items.map(({ activity }) => activity))).toEqual(
    new Set(['tumour_markers', 'ct_chest_abdomen_pelvis', 'colonoscopy']),
  );
});

describe('colonoscopy', () => {
  const afterwards = (...events: ClinicalFact[]): string[] =>
    dues(planned([resection(), ...events], { until: month(200) }), 'colonoscopy');

  test('at 1 year, 3 years later, and none after', () => {
    expect(afterwards()).toEqual(months(SURGERY, 12, 48));
  });

  test('3 years count from the one before', () => {
    expect(afterwards(colonoscopy(month(14)))).toEqual(months(SURGERY, 12, 50));
    expect(afterwards(colonoscopy(month(45)))).toEqual(months(SURGERY, 12, 81));
  });

  test('after an abnormal one 12 months and then 3 years, and a clinician is asked', () => {
    expect(afterwards(colonoscopy(month(12), 'abnormal'))).toEqual(months(SURGERY, 12, 24, 60));
    expect(codes(planned([resection(), colonoscopy(month(12), 'abnormal')]))).toEqual([
      'interval-to-be-decided-abnormal-colonoscopy',
    ]);
  });

  test('a clean one soon after the operation does not stand for that of year 1', () => {
    expect(afterwards(colonoscopy(month(3)), colonoscopy(month(12)))).toEqual(months(SURGERY, 12, 48));
  });
});

test.each(['liver_metastasis_diagnosed', 'recurrence', 'lost_to_follow_up'])('%s ends it', (type) => {
  expect(planned([resection(), fact(type, month(7))]).items.map(({ due }) => due)).toEqual([month(6)]);
});

test('after NED nothing is planned and a clinician is asked', () => {
  const plan = planned([resection(), ned()]);

  expect(plan.items.filter(({ due }) => due >= ned().date)).toEqual([]);
  expect(codes(plan)).toEqual(['nothing-stated-after-ned']);
});
