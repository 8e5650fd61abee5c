import {
  exam,
  month,
  NED,
  ned,
  of,
  planned,
  recurrence,
  resection,
  statusesOf,
} from '../../test/support/planned.js';
import { addDays, type CalendarDate } from './calendar.js';
import { type ItemStatus, statusOn } from './planned-item.js';

describe('windows, lateness and enrolment', () => {
  test('a fixed quarter has 14 days either side, a half-year 30, a year 60', () => {
    const markers = of(planned([ned()]), 'ned_markers');
    const [quarter, halfYear, year] = [0, 8, 15].map((index) => markers[index]!);

    expect(quarter).toMatchObject({
      earliest: addDays(quarter!.due, -14),
      overdue: addDays(quarter!.due, 15),
    });
    expect(halfYear).toMatchObject({
      earliest: addDays(halfYear!.due, -30),
      overdue: addDays(halfYear!.due, 31),
    });
    expect(year).toMatchObject({ earliest: addDays(year!.due, -60), overdue: addDays(year!.due, 61) });
  });

  test('with 3 to 6 months the review is due at 3, and late only when 6 have passed since the last one done', () => {
    const undone = of(planned([resection()]), 'postoperative_review');
    const done = of(planned([resection(), exam('clinical_review', month(3))]), 'postoperative_review');

    expect(undone[1]).toMatchObject({ due: month(6), overdue: addDays(month(6), 1) });
    expect(done[1]?.overdue).toBe(done[1]?.missedOn);
    expect(done[1]?.overdue).toBe(addDays(month(9), -14));
  });

  test('an item is due on its date, overdue from the first late day', () => {
    const [first] = of(planned([ned()]), 'ned_markers');
    const on = (day: CalendarDate): ItemStatus => statusOn(day, first!);

    expect(
      [addDays(first!.due, -1), first!.due, addDays(first!.overdue, -1), first!.overdue].map(on),
    ).toEqual(['upcoming', 'due', 'due', 'overdue']);
  });

  test('an item not done when the next one opens is missed: one live item for each rule', () => {
    const opens = addDays(month(6, NED), -14);
    const before = statusesOf(planned([ned()], { asOf: addDays(opens, -1) }), 'ned_markers').slice(0, 2);
    const after = statusesOf(planned([ned()], { asOf: opens }), 'ned_markers').slice(0, 2);

    expect(before.map(([, status]) => status)).toEqual(['overdue', 'upcoming']);
    expect(after.map(([, status]) => status)).toEqual(['missed', 'upcoming']);
  });

  test('an exam fulfils the grid date whose window contains its day, and none outside every window', () => {
    const within = planned([ned(), exam('tumour_markers', addDays(month(3, NED), 20))]);
    const outside = planned([ned(), exam('tumour_markers', addDays(month(3, NED), -15))]);

    expect(statusesOf(within, 'ned_markers')[0]).toEqual([month(3, NED), 'completed']);
    expect(of(outside, 'ned_markers').filter(({ completedOn }) => completedOn !== null)).toEqual([]);
  });

  test('a missed item is completed by an exam that a person records for it, even after the pathway ended', () => {
    const forFirst = { ...exam('tumour_markers', '2022-09-20'), forDue: month(3, NED) };
    const plan = planned([ned(), recurrence(month(9, NED)), forFirst]);

    expect(statusesOf(plan, 'ned_markers')).toEqual([
      [month(3, NED), 'completed'],
      [month(6, NED), 'missed'],
    ]);
  });

  test('an exam recorded for the next NED does not complete an item that the first one no longer had', () => {
    const again = addDays(month(6, NED), -10);
    const forAgain = { ...exam('tumour_markers', month(3, again)), forDue: month(3, again) };
    const plan = planned([ned(), ned(again), forAgain]);

    expect(
      of(plan, 'ned_markers')
        .filter(({ completedOn }) => completedOn !== null)
        .map(({ due }) => due),
    ).toEqual([month(3, again)]);
  });

  test('grid dates before enrolment are never late; a recorded past exam is matched first', () => {
    const plan = planned([resection(), exam('clinical_review', month(3))], {
      asOf: month(9),
      enrolledOn: month(9),
    });

    expect(statusesOf(plan, 'postoperative_review').slice(0, 4)).toEqual([
      [month(3), 'completed'],
      [month(6), 'before_enrolment'],
      [month(9), 'due'],
      [month(12), 'upcoming'],
    ]);
  });

  test('a colonoscopy from before enrolment that the record does not show stays due', () => {
    const plan = planned([resection()], { asOf: month(20), enrolledOn: month(18) });

    expect(statusesOf(plan, 'colonoscopy')[0]).toEqual([month(12), 'overdue']);
  });

  test('one that lapsed with a pathway before enrolment is not held against the hospital, and is due on return', () => {
    const plan = planned([resection(), recurrence('2021-03-01'), ned()], { enrolledOn: NED });

    expect(statusesOf(plan, 'colonoscopy').slice(0, 2)).toEqual([
      [month(12), 'before_enrolment'],
      [NED, 'due'],
    ]);
  });

  test('a plan with a projected date stands until the day its next examination is due', () => {
    expect(planned([resection()], { asOf: month(2) }).validUntil).toBe(month(12));
    expect(planned([resection()], { asOf: month(14) }).validUntil).toBe(month(14));
    expect(planned([resection(), recurrence('2021-03-01')]).validUntil).toBeNull();
  });
});
