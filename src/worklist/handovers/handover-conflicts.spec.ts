import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../guideline/calendar.js';
import { type DatedHandover, handoverConflict } from './handover-conflicts.js';
import { Staff, type StaffMember } from '../ownership/owners.js';

const FIRST = calendarDate('2026-11-01');
let count = 0;
/** From day `first` to day `last` of November. */
const handover = (
  from: string,
  to: string,
  [first, last]: readonly [number, number],
  patients?: readonly string[],
): DatedHandover => ({
  ...{ id: `h${++count}`, from, to },
  ...{ firstDay: addDays(FIRST, first - 1), lastDay: addDays(FIRST, last - 1) },
  patientIds: patients ? new Set(patients) : null,
});
const codeOf = (existing: readonly DatedHandover[], asked: DatedHandover): string | undefined =>
  handoverConflict(existing, asked)?.code;

describe('a second stand-in', () => {
  const holiday = handover('Li', 'Wang', [2, 6]);

  test('for a day of the first one is refused, for the next day it is not', () => {
    expect(handoverConflict([holiday], handover('Li', 'Chen', [6, 9]))).toEqual({
      ...{ code: 'handover-overlaps', other: holiday.id },
    });
    expect(codeOf([holiday], handover('Li', 'Chen', [7, 9]))).toBeUndefined();
  });

  test('for single patients may run beside one for all of them', () => {
    expect(codeOf([holiday], handover('Li', 'Chen', [3, 4], ['p']))).toBeUndefined();
  });

  test('for the same single patient is refused, for another one it is not', () => {
    const single = handover('Li', 'Chen', [3, 4], ['p', 'q']);
    expect(codeOf([single], handover('Li', 'Wang', [4, 5], ['q', 'r']))).toBe('handover-overlaps');
    expect(codeOf([single], handover('Li', 'Wang', [4, 5], ['r']))).toBeUndefined();
  });
});

describe('a circle', () => {
  const chain = [handover('A', 'B', [2, 9]), handover('B', 'C', [5, 12])];

  test('of two or three people is refused on a day on which all of it runs', () => {
    expect(codeOf(chain, handover('B', 'A', [1, 3]))).toBe('handover-circle');
    expect(codeOf(chain, handover('C', 'A', [8, 20]))).toBe('handover-circle');
  });

  test('is none where its handovers never run on one day', () => {
    expect(codeOf(chain, handover('C', 'A', [10, 20]))).toBeUndefined();
    expect(codeOf(chain, handover('C', 'A', [1, 4]))).toBeUndefined();
  });

  test('is none where its handovers are about different patients', () => {
    expect(codeOf([handover('A', 'B', [1, 9], ['p'])], handover('B', 'A', [1, 9], ['q']))).toBeUndefined();
    expect(codeOf([handover('A', 'B', [1, 9], ['p'])], handover('B', 'A', [1, 9]))).toBe('handover-circle');
  });
});

test('more ways through handovers than can be looked at are refused, before they are followed', () => {
  const links = Array.from({ length: 30 }, (_, n) => [
    handover(`n${n}`, `n${n + 1}`, [1, 9]),
    handover(`n${n}`, `n${n + 1}`, [1, 9], ['p']),
  ]).flat();
  const start = performance.now();
  expect(codeOf(links, handover('A', 'n0', [1, 9]))).toBe('handover-chains');
  expect(performance.now() - start).toBeLessThan(20_000);
});

test('whatever handovers are accepted, on no day do the patients of anybody go in a circle or to two people', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const people = ids.map((id): StaffMember => ({
    ...{ id, name: id, roles: ['nurse'], active: true, departments: null, ownPatientsOnly: false },
  }));
  const days = fc
    .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 5 }))
    .map(([first, more]) => [first, first + more] as const);
  const asked = fc
    .tuple(
      fc.constantFrom(...ids),
      fc.constantFrom(...ids),
      days,
      fc.option(fc.subarray(['p', 'q'], { minLength: 1 }), { nil: undefined }),
    )
    .filter(([from, to]) => from !== to)
    .map((facts) => handover(...facts));
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 12 }), (all) => {
      const accepted: DatedHandover[] = [];
      for (const one of all) if (handoverConflict(accepted, one) === null) accepted.push(one);
      for (let day = FIRST; day <= addDays(FIRST, 16); day = addDays(day, 1)) {
        const staff = new Staff(
          people,
          accepted.filter(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay),
        );
        const lost = ids.filter((person) =>
          [undefined, 'p', 'q'].some((patient) => staff.standInFor(person, patient).person === null),
        );
        if (lost.length > 0) throw new Error(`On ${day} nobody works for ${lost.join(', ')}.`);
      }
    }),
    { numRuns: 300 },
  );
});
