import {
  conversion,
  dues,
  exam,
  fact,
  month,
  NED,
  ned,
  of,
  planned,
  recurrence,
  resection,
  statusesOf,
} from '../../test/support/planned.js';
import { addDays } from './calendar.js';
import type { Plan } from './planner.js';

const rulesOf = ({ items }: Plan): string[] => [...new Set(items.map(({ rule }) => rule))].sort();
describe('pathways', () => {
  const closing = ['death', 'transferred_out', 'lost_to_follow_up', 'consent_withdrawn'] as const;

  test('palliative surgery and stage IV start no postoperative follow-up', () => {
    expect(planned([resection({ intent: 'palliative' })]).items).toEqual([]);
    expect(planned([resection({ stage: 'IV' })]).items).toEqual([]);
  });

  test.each([...closing, 'liver_metastasis_diagnosed', 'recurrence'] as const)(
    '%s: what falls due on that day or after is cancelled, what was not done before stays missed, what was done stays',
    (type) => {
      const end = month(9);
      const plan = planned([resection(), exam('clinical_review', month(3)), fact(type, end)]);

      expect(statusesOf(plan, 'postoperative_review')).toEqual([
        [month(3), 'completed'],
        [month(6), 'missed'],
      ]);
      expect(of(plan, 'postoperative_ct')).toEqual([]);
      expect(of(plan, 'colonoscopy')).toEqual([]);
    },
  );

  test.each([...closing, 'liver_metastasis_diagnosed', 'recurrence'] as const)(
    '%s ends the follow-up after NED',
    (type) => {
      const plan = planned([ned(), fact(type, month(9, NED))]);

      expect(statusesOf(plan, 'ned_markers')).toEqual([
        [month(3, NED), 'missed'],
        [month(6, NED), 'missed'],
      ]);
    },
  );

  test('NED ends the postoperative follow-up and starts its own', () => {
    const plan = planned([resection(), ned()]);

    expect(dues(plan, 'postoperative_review').at(-1)).toBe(month(18));
    expect(dues(plan, 'ned_review')[0]).toBe(month(3, NED));
  });

  test('a conversion therapy does not end the postoperative follow-up', () => {
    expect(dues(planned([resection(), conversion('2020-09-01')]), 'postoperative_review')).toContain(
      month(120),
    );
  });

  test('what was done ahead of its date stays when the pathway ends before that date', () => {
    const plan = planned([
      resection(),
      exam('clinical_review', addDays(month(3), -10)),
      recurrence(addDays(month(3), -5)),
    ]);

    expect(statusesOf(plan, 'postoperative_review')).toEqual([[month(3), 'completed']]);
  });

  test('the exam that found the recurrence fulfils its grid date, though the pathway ended that day', () => {
    const found = addDays(month(12), 5);
    const plan = planned([
      resection(),
      exam('ct_chest_abdomen_pelvis', found, 'suspicious'),
      fact('colonoscopy', found, { finding: 'abnormal' }),
      recurrence(found),
    ]);

    expect(statusesOf(plan, 'postoperative_ct')).toEqual([[month(12), 'completed']]);
    expect(statusesOf(plan, 'colonoscopy')).toEqual([[month(12), 'completed']]);
  });

  test('without the ending event the plan is back as it was', () => {
    const before = [resection(), exam('clinical_review', month(3))];
    const ended = planned([...before, recurrence(month(9))]);
    const voided = planned(before, { asOf: month(9) });

    expect(ended.items.length).toBeLessThan(voided.items.length);
    expect(planned(before, { asOf: month(9) })).toEqual(voided);
    expect(dues(voided, 'postoperative_review')).toContain(month(12));
  });

  test('all pathways of one patient', () => {
    expect(
      rulesOf(planned([resection(), recurrence('2021-03-01'), conversion('2021-03-10'), ned()])),
    ).toEqual([
      'colonoscopy',
      'conversion_ct',
      'conversion_liver_ultrasound',
      'ned_chest_ct',
      'ned_imaging_ct',
      'ned_liver_ultrasound',
      'ned_markers',
      'ned_review',
      'postoperative_ct',
      'postoperative_liver_ultrasound',
      'postoperative_markers',
      'postoperative_review',
    ]);
  });
});
