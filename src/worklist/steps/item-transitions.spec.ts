import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../guideline/calendar.js';
import type { Role } from '../../tenancy/caller.js';
import {
  hasReturned,
  type Position,
  positionOn,
  POSITIONS,
  possibleFrom,
  STEP_KINDS,
  stepColumn,
  TRANSITIONS,
  transitionFor,
} from './item-transitions.js';

const CARE: readonly Role[] = ['nurse', 'head_nurse', 'clinician', 'integration'];
const OPEN = POSITIONS.filter((position) => position !== 'completed' && position !== 'cancelled');

/** What a role can do, by position: the whole table as a ward reads it. */
const table = (role: Role): Record<string, string> =>
  Object.fromEntries(
    POSITIONS.map((position) => [
      position,
      possibleFrom(position, [role])
        .map(({ step, to }) => `${step} → ${to}`)
        .join(', '),
    ]),
  );

test('what a nurse can do with an item', () => {
  const waiting = 'book → booked, defer → deferred, decline → declined';
  expect(table('nurse')).toEqual({
    to_book: `${waiting}, complete → completed`,
    booked:
      'move → booked, attend → attended, not_attend → not_attended, cancel_appointment → to_book, complete → completed',
    attended: 'reopen → to_book, complete → completed',
    not_attended: `${waiting}, reopen → to_book, complete → completed`,
    deferred: `${waiting}, reopen → to_book, complete → completed`,
    declined: `${waiting}, reopen → to_book, complete → completed`,
    contraindicated: 'complete → completed',
    completed: '',
    cancelled: '',
  });
  expect(table('head_nurse')).toEqual(table('nurse'));
  expect(table('integration')).toEqual(table('nurse'));
});

test('only a clinician records a contraindication and takes it back', () => {
  const only = TRANSITIONS.filter(({ roles }) => !roles.includes('nurse'));
  expect(only.map(({ step, from, roles }) => [step, from, roles])).toEqual([
    [
      'contraindicate',
      ['to_book', 'not_attended', 'deferred', 'declined', 'attended', 'contraindicated'],
      ['clinician'],
    ],
    ['reopen', ['contraindicated'], ['clinician']],
  ]);
});

test.each(['hospital_admin', 'auditor', 'platform_operator'] as const)(
  '%s does nothing with items',
  (role) => {
    expect(POSITIONS.flatMap((position) => possibleFrom(position, [role]))).toEqual([]);
  },
);

describe('the table', () => {
  test('has one answer for each step, position and role', () => {
    for (const role of CARE)
      for (const position of POSITIONS)
        for (const step of STEP_KINDS)
          expect(possibleFrom(position, [role]).filter((row) => row.step === step).length).toBeLessThan(2);
  });

  test('lets every open item be completed by everyone who cares for patients, overdue or not', () => {
    for (const role of CARE)
      for (const position of OPEN) expect(transitionFor('complete', position, [role])?.to).toBe('completed');
  });

  test('has no dead end: from every open position a clinician can bring an item to be booked', () => {
    for (const start of OPEN) {
      const reached = new Set<Position>([start]);
      for (const position of reached)
        for (const { to } of possibleFrom(position, ['clinician'])) reached.add(to);
      expect([start, reached.has('to_book')]).toEqual([start, true]);
    }
  });

  test('names what each step needs, and reaches no position that no step can store', () => {
    for (const { step, needs, call, to } of TRANSITIONS) {
      expect(call).toMatch(/^(POST|PATCH) \/(items|appointments)/);
      expect([step, needs.length > 0 || step === 'reopen']).toEqual([step, true]);
      expect(to === 'to_book' || to === 'completed' || stepColumn(to) === to).toBe(true);
    }
  });
});

test.each([
  ['deferred', '2026-05-02', '2026-05-01', 'deferred', false],
  ['deferred', '2026-05-02', '2026-05-02', 'to_book', true],
  ['contraindicated', '2026-05-02', '2026-05-03', 'to_book', true],
  ['contraindicated', null, '2029-01-01', 'contraindicated', false],
  ['declined', '2026-05-02', '2026-06-01', 'declined', false],
  ['booked', null, '2026-06-01', 'booked', false],
] as const)('%s until %s is on %s: %s', (step, until, today, position, returned) => {
  const item = { state: 'active', step, stepUntil: until && calendarDate(until) } as const;
  expect([positionOn(item, calendarDate(today)), hasReturned(item, calendarDate(today))]).toEqual([
    position,
    returned,
  ]);
});

test('whatever is deferred, or contraindicated for a time, returns on its day and stays returned', () => {
  const first = calendarDate('2026-01-01');
  fc.assert(
    fc.property(
      fc.constantFrom('deferred', 'contraindicated'),
      fc.nat(400),
      fc.nat(800),
      (step, until, passed) => {
        const item = { state: 'active', step, stepUntil: addDays(first, until) } as const;
        expect(positionOn(item, addDays(first, passed)) === 'to_book').toBe(passed >= until);
      },
    ),
  );
});
