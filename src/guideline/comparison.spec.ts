import { calendarDate } from './calendar.js';
import { comparePlans, type ItemChange, pairItems, sameWindow } from './comparison.js';
import type { PlannedItem } from './planned-item.js';

const item = (key: string, due: string, more: Partial<PlannedItem> = {}): PlannedItem => ({
  ...{
    key,
    pathway: 'follow_up',
    rule: 'visit',
    activity: 'tumour_markers',
    covers: [],
    sequence: 1,
    phase: 0,
  },
  ...{ section: '1', evidence: null, grade: null, measuredFrom: calendarDate('2024-01-15') },
  ...{ earliest: calendarDate(due), due: calendarDate(due), overdue: calendarDate('2030-01-01') },
  ...{ missedOn: null, beforeEnrolment: false, completedOn: null, completedBy: null },
  ...{ otherMethod: false, projected: false, movedFrom: null, alsoFor: [], deviates: false },
  ...more,
});
const done = { completedOn: calendarDate('2024-07-14') };
const shown = (changes: readonly ItemChange[]): string[] =>
  changes.map(({ change, before, after }) => `${change} ${before?.key ?? '-'} → ${after?.key ?? '-'}`);

describe('which item of before an item of after is', () => {
  const pairs = (...args: Parameters<typeof pairItems>): unknown => {
    const { pairs: paired, left } = pairItems(...args);
    return {
      pairs: paired.map(([old, now]) => [old?.key ?? null, now.key]),
      left: left.map(({ key }) => key),
    };
  };

  test('the one with its key, whatever its date', () => {
    expect(pairs([item('a', '2024-07-15')], [item('a', '2024-09-15')])).toEqual({
      pairs: [['a', 'a']],
      left: [],
    });
  });

  test('else the one that asks for the same on the same day', () => {
    expect(pairs([item('a', '2024-07-15')], [item('b', '2024-07-15')])).toEqual({
      pairs: [['a', 'b']],
      left: [],
    });
    expect(pairs([item('a', '2024-07-15')], [item('b', '2024-07-16')])).toEqual({
      pairs: [[null, 'b']],
      left: ['a'],
    });
    const other = item('b', '2024-07-15', { activity: 'colonoscopy' });
    expect(pairs([item('a', '2024-07-15')], [other])).toEqual({ pairs: [[null, 'b']], left: ['a'] });
  });

  test('the key takes precedence: an item that is still planned is not matched with another one', () => {
    const before = [item('a', '2024-07-15')];
    const after = [item('b', '2024-07-15'), item('a', '2024-07-15')];
    expect(pairs(before, after)).toEqual({
      pairs: [
        [null, 'b'],
        ['a', 'a'],
      ],
      left: [],
    });
  });

  test('each is taken once', () => {
    const after = [item('b', '2024-07-15'), item('c', '2024-07-15')];
    expect(pairs([item('a', '2024-07-15')], after)).toEqual({
      pairs: [
        ['a', 'b'],
        [null, 'c'],
      ],
      left: [],
    });
  });

  test('only those that are open to it are taken for another', () => {
    const before = [item('a', '2024-07-15', done), item('b', '2024-08-15')];
    const after = [item('c', '2024-07-15'), item('d', '2024-08-15')];
    expect(pairs(before, after, ({ key }) => key !== 'a')).toEqual({
      pairs: [
        [null, 'c'],
        ['b', 'd'],
      ],
      left: ['a'],
    });
    expect(pairs([item('a', '2024-07-15')], [item('a', '2024-07-15')], () => false)).toEqual({
      ...{ pairs: [['a', 'a']], left: [] },
    });
  });

  test('those that nothing asks for are left', () => {
    expect(pairs([item('a', '2024-07-15'), item('b', '2025-07-15')], [item('a', '2024-07-15')])).toEqual({
      ...{ pairs: [['a', 'a']], left: ['b'] },
    });
    expect(pairs([], [item('a', '2024-07-15')])).toEqual({ pairs: [[null, 'a']], left: [] });
    expect(pairs([item('a', '2024-07-15')], [])).toEqual({ pairs: [], left: ['a'] });
  });
});

describe('what a change does to a plan', () => {
  test('kept, moved, added and cancelled, by due date', () => {
    const before = [item('kept', '2024-07-15'), item('moved', '2024-10-15'), item('gone', '2024-12-15')];
    const after = [item('new', '2025-01-15'), item('moved', '2024-11-15'), item('kept', '2024-07-15')];
    expect(shown(comparePlans(before, after))).toEqual([
      'kept kept → kept',
      'moved moved → moved',
      'cancelled gone → -',
      'added - → new',
    ]);
  });

  test('on one day they stay in the order of the plan', () => {
    const after = [item('b', '2024-07-15', { activity: 'mri_liver' }), item('a', '2024-07-15')];
    expect(shown(comparePlans([], after))).toEqual(['added - → b', 'added - → a']);
    expect(shown(comparePlans([], after.toReversed()))).toEqual(['added - → a', 'added - → b']);
  });

  test('an item is moved when any day of its window is another', () => {
    const old = item('a', '2024-07-15');
    for (const day of ['earliest', 'due', 'overdue'] as const) {
      const now = { ...old, [day]: calendarDate('2024-07-20') };
      expect([sameWindow(old, now), shown(comparePlans([old], [now]))]).toEqual([false, ['moved a → a']]);
    }
    expect(sameWindow(old, item('b', '2024-07-15'))).toBe(true);
  });

  test('what is done stays on record', () => {
    expect(comparePlans([item('a', '2024-07-15', done)], [])).toEqual([
      { change: 'kept', before: item('a', '2024-07-15', done), after: item('a', '2024-07-15', done) },
    ]);
    expect(comparePlans([item('a', '2024-07-15')], [])).toEqual([
      { change: 'cancelled', before: item('a', '2024-07-15'), after: null },
    ]);
  });
});
