import { addDays, addMonths, calendarDate, type CalendarDate } from './calendar.js';
import { exam, month, ned, of, planned, resection, statusesOf } from '../../test/support/planned.js';
import { reasonFor } from './reason.js';
import { CRLM_CN_2025 } from './published/crlm-cn-2025.js';

const minimal = { profile: 'minimal' } as const;
const review = (date: string) => exam('clinical_review', date);
const duesOf = (rule: string, events: Parameters<typeof planned>[0], asOf: string): CalendarDate[] =>
  of(planned(events, { ...minimal, asOf }), rule).map(({ due }) => due);

describe('a range holds from the last one done', () => {
  const surgery = resection({ stage: 'II' });
  const atMonth = (count: number): CalendarDate => addMonths(calendarDate('2024-01-15'), count);
  const operated = { ...surgery, date: calendarDate('2024-01-15') };

  test('an early review moves the next one forward to the long end after it, and nothing else', () => {
    const reviews = duesOf('postoperative_review', [operated, review('2024-03-16')], '2024-12-20');

    expect(reviews.slice(0, 4)).toEqual([atMonth(6), '2024-09-16', atMonth(18), atMonth(24)]);
  });

  test('the moved date is late the day after, and its reason says that it moved', () => {
    const plan = planned([operated, review('2024-03-16')], { ...minimal, asOf: '2024-09-17' });
    const moved = of(plan, 'postoperative_review')[1]!;

    expect(moved).toMatchObject({ due: '2024-09-16', overdue: '2024-09-17', movedFrom: '2025-01-15' });
    expect(statusesOf(plan, 'postoperative_review')[1]).toEqual(['2024-09-16', 'overdue']);
    const choices = { profile: 'minimal', liverImaging: 'ct' } as const;
    expect(reasonFor(CRLM_CN_2025, moved, choices, 'en')).toContain(
      '2024-01-15 + 12 months → 2025-01-15; the last one was done early, so the date moves forward to 2024-09-16',
    );
    expect(reasonFor(CRLM_CN_2025, moved, choices, 'zh')).toContain('提前至 2024-09-16');
  });

  test('one done in the window of the moved date completes it, and the next one is measured from there', () => {
    const events = [operated, review('2024-03-16'), review('2024-09-16')];
    const reviews = planned(events, { ...minimal, asOf: '2024-09-20' });

    expect(statusesOf(reviews, 'postoperative_review').slice(0, 3)).toEqual([
      ['2024-07-15', 'completed'],
      ['2024-09-16', 'completed'],
      ['2025-03-16', 'upcoming'],
    ]);
  });

  test('a second one in the same window fulfils nothing: the date stays where it moved to, and is late by the last one done', () => {
    const events = [operated, review('2024-03-16'), review('2024-06-01')];
    const next = of(planned(events, { ...minimal, asOf: '2024-06-02' }), 'postoperative_review')[1];

    expect(next).toMatchObject({ due: '2024-09-16', overdue: '2024-12-02' });
  });

  test('one that moves forward from behind the horizon to before it is in the plan', () => {
    const ct = exam('ct_chest_abdomen_pelvis', '2023-08-31');
    const old = { ...resection(), date: calendarDate('2019-08-31') };
    const plan = planned([old, ct], { ...minimal, asOf: '2023-12-02', until: '2026-05-14' });

    expect(of(plan, 'postoperative_ct').at(-1)).toMatchObject({ due: '2025-08-31', movedFrom: '2026-08-31' });
  });

  test('a chest CT that moves forward by days takes the abdomen CT of its day with it', () => {
    const events = [ned('2021-08-31'), exam('ct_chest_abdomen_pelvis', '2024-08-29')];
    const plan = planned(events, { ...minimal, asOf: '2024-10-01', until: '2027-02-02' });

    expect(of(plan, 'ned_chest_ct').at(-1)).toMatchObject({
      ...{ earliest: '2025-12-30', due: '2026-08-29', overdue: '2026-08-30' },
      covers: ['ct_abdomen_pelvis'],
    });
    expect(of(plan, 'ned_imaging_ct').some(({ due }) => due > '2026-06-01' && due < '2027-01-01')).toBe(
      false,
    );
  });

  test('what was not done moves nothing: later dates stay on the grid', () => {
    const reviews = duesOf('postoperative_review', [operated, review('2024-03-16')], '2025-12-20');

    expect(reviews[2]).toBe(atMonth(18));
    expect(reviews[3]).toBe(atMonth(24));
  });

  test('under the intensive profile nothing moves', () => {
    const early = exam('clinical_review', addDays(month(3), -14));
    const plan = planned([resection(), early], { asOf: month(3) });

    expect(of(plan, 'postoperative_review').every(({ movedFrom }) => movedFrom === null)).toBe(true);
  });

  test('a clinician who decided on a longer interval is not overruled by the range', () => {
    const rules = {
      postoperative_review: { by: 'clinician', phases: { 0: { every: 'P12M' } } },
    } as const;
    const plan = planned([resection(), exam('clinical_review', addDays(month(12), -20))], { rules });

    expect(of(plan, 'postoperative_review')[1]?.due).toBe(addMonths(addDays(month(12), -20), 12));
  });

  test('no NED imaging is due more than 12 months after the last one, no CT of the tail more than 24', () => {
    const early = exam('ct_chest_abdomen_pelvis', addDays(addMonths(calendarDate('2021-01-31'), 36), -60));
    const plan = planned([ned('2021-01-31'), early], { ...minimal, asOf: early.date });

    expect(
      of(plan, 'ned_chest_ct').find(({ completedOn, due }) => completedOn === null && due > early.date)?.due,
    ).toBe('2025-12-02');
  });

  test('a moved date that the window of a covering CT still holds stays one item with it, on the earlier day', () => {
    const clock = calendarDate('2021-01-31');
    const before = exam('ct_abdomen_pelvis', addDays(addMonths(clock, 36), -30));
    const plan = planned([ned(clock), before], { ...minimal, asOf: before.date, until: '2026-12-31' });
    const rules = { ned_chest_ct: { by: 'hospital', phases: { 1: { every: 'P12M' } } } } as const;
    const yearly = planned([ned(clock), before], {
      ...minimal,
      rules,
      asOf: before.date,
      until: '2026-12-31',
    });

    // The abdomen CT of month 48 moves forward by 30 days; on its own where no chest CT is due then.
    expect(of(plan, 'ned_imaging_ct').find(({ due }) => due > '2024-06-01')?.due).toBe('2025-01-01');
    expect(of(yearly, 'ned_chest_ct').find(({ due }) => due > '2024-06-01')).toMatchObject({
      due: '2025-01-01',
      covers: ['ct_abdomen_pelvis'],
      movedFrom: addMonths(clock, 48),
    });
    expect(of(yearly, 'ned_imaging_ct').some(({ due }) => due > '2024-06-01' && due < '2025-06-01')).toBe(
      false,
    );
  });
});

describe('a covering CT has one window, done or not', () => {
  test('the part that all the items it stands for share, before and after it is done', () => {
    const clock = calendarDate('2021-01-31');
    const due = addMonths(clock, 12);
    const open = planned([ned(clock)], { asOf: due });
    const done = planned([ned(clock), exam('ct_chest_abdomen_pelvis', due)], { asOf: due });
    const windowOf = (plan: typeof open) =>
      of(plan, 'ned_chest_ct').map(({ earliest, due: on, overdue }) => [earliest, on, overdue])[0];

    expect(windowOf(open)).toEqual([addDays(due, -14), due, addDays(due, 15)]);
    expect(windowOf(done)).toEqual(windowOf(open));
  });

  test('done so early that it is not for the abdomen CT, it has its own window and leaves that one standing', () => {
    const clock = calendarDate('2021-01-31');
    const due = addMonths(clock, 12);
    const plan = planned([ned(clock), exam('ct_chest_abdomen_pelvis', addDays(due, -40))], { asOf: due });

    expect(of(plan, 'ned_chest_ct')[0]).toMatchObject({
      completedOn: addDays(due, -40),
      earliest: addDays(due, -60),
    });
    expect(statusesOf(plan, 'ned_imaging_ct').filter(([day]) => day === due)).toEqual([[due, 'due']]);
  });
});
