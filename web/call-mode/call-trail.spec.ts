import {
  append,
  currentOf,
  EMPTY_TRAIL,
  isAtEnd,
  leftOut,
  moveBy,
  moveTo,
  tallyOf,
  type Trail,
  withoutSkipped,
  withResult,
} from './call-trail.js';

const patient = (id: string) => ({ patientId: id, name: id.toUpperCase(), mrn: id });
const trailOf = (...ids: string[]): Trail =>
  ids.reduce((trail, id) => append(trail, patient(id)), EMPTY_TRAIL);
const recorded = { kind: 'recorded', contactId: 'c', text: 'busy', isReached: false } as const;

test('the newest patient is shown; behind the last one the next is awaited', () => {
  const trail = trailOf('a', 'b');
  expect(currentOf(trail)?.patientId).toBe('b');
  expect(isAtEnd(moveBy(trail, 1))).toBe(true);
  expect(currentOf(moveBy(moveBy(trail, -1), -1))?.patientId).toBe('a');
});

test('a patient who is offered again is shown, not listed twice', () => {
  const trail = append(trailOf('a', 'b'), patient('a'));
  expect(trail.offered).toHaveLength(2);
  expect(currentOf(trail)?.patientId).toBe('a');
});

test('a failed recording returns to its patient', () => {
  expect(currentOf(moveTo(trailOf('a', 'b', 'c'), 'a'))?.patientId).toBe('a');
});

test('those who were not recorded are left out, and the skipped can be offered again', () => {
  const skipped = withResult(trailOf('a', 'b', 'c'), 'a', { kind: 'skipped' });
  const trail = withResult(skipped, 'b', recorded);
  expect(leftOut(trail)).toEqual(['a', 'c']);
  expect(tallyOf(trail)).toEqual({ called: 1, reached: 0, skipped: 1 });
  const again = withoutSkipped(trail);
  expect(again.offered.map(({ patientId }) => patientId)).toEqual(['b']);
  expect(isAtEnd(again)).toBe(true);
});

test('what is taken back counts no more', () => {
  const trail = withResult(withResult(trailOf('a'), 'a', recorded), 'a', undefined);
  expect(tallyOf(trail).called).toBe(0);
});
