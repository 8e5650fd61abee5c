import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v4, v7, validate, version } from 'uuid';
import { ItemIds, itemIdOf, patientIdsOf } from './item-ids.js';

const PATIENT = '019ac8f0-1c00-7abc-9def-0123456789ab';
const KEY = 'ned_markers@2024-03-04+P15M';

/** Ids of patients registered at any time. The package `uuid` counts the ids of one millisecond. */
const patientId = fc
  .record({
    msecs: fc.integer({ min: 0, max: 2 ** 45 }),
    seq: fc.nat(2 ** 31 - 1),
    random: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  })
  .map((made) => v7(made));

describe('the id of an item', () => {
  test.each([
    [PATIENT, KEY, 0, '019ac8f0-1c00-8abc-9def-02e4a83f0b1a'],
    [PATIENT, KEY, 1, '019ac8f0-1c00-8abc-9def-00707f140f8d'],
    [PATIENT, 'by_hand@2031-01-01#1', 0, '019ac8f0-1c00-8abc-9def-01057e8c186d'],
    ['019ac8f0-1c00-7abc-9def-0fffffffffff', KEY, 0, '019ac8f0-1c00-8abc-9def-0fb8d5fc2dda'],
  ])('of %s, %s, attempt %d never changes', (patient, key, attempt, id) => {
    expect(itemIdOf(patient, key, attempt)).toBe(id);
  });

  test('is a UUID of version 8', () => {
    fc.assert(
      fc.property(patientId, fc.string(), (patient, key) => {
        const id = itemIdOf(patient, key);
        expect([validate(id), version(id)]).toEqual([true, 8]);
      }),
    );
  });

  test('is in the range of its patient', () => {
    fc.assert(
      fc.property(patientId, fc.string(), fc.nat(3), (patient, key, attempt) => {
        const { first, last } = patientIdsOf(itemIdOf(patient, key, attempt))!;
        expect(first <= patient && patient <= last).toBe(true);
      }),
    );
  });

  test('is in the range of no other patient registered by the same process', () => {
    const patients = Array.from({ length: 2000 }, () => v7());
    for (const patient of patients) {
      const { first, last } = patientIdsOf(itemIdOf(patient, KEY))!;
      expect(patients.filter((other) => first <= other && other <= last)).toEqual([patient]);
    }
  });

  test('differs between two patients with the same millisecond and counter', () => {
    const made = { msecs: 1_764_000_000_000, seq: 7 };
    const [one, other] = [v7(made), v7(made)];
    expect(patientIdsOf(itemIdOf(one, KEY))).toEqual(patientIdsOf(itemIdOf(other, KEY)));
    expect(itemIdOf(one, KEY)).not.toBe(itemIdOf(other, KEY));
  });

  test('is read in capital letters too', () => {
    expect(patientIdsOf(itemIdOf(PATIENT, KEY).toUpperCase())).toEqual(patientIdsOf(itemIdOf(PATIENT, KEY)));
  });

  test('cannot be derived from a patient id of another UUID version, and gives no range if it has another version itself', () => {
    expect(() => itemIdOf(v4(), KEY)).toThrow('No item ids can be derived');
    expect([patientIdsOf(v4()), patientIdsOf(v7()), patientIdsOf('')]).toEqual([null, null, null]);
  });
});

describe('the ids of the items of one patient', () => {
  test('do not include ids of existing rows', () => {
    const first = itemIdOf(PATIENT, KEY);
    expect(new ItemIds(PATIENT, []).next(KEY)).toBe(first);
    const ids = new ItemIds(PATIENT, [{ id: first }]);
    expect([ids.next(KEY), ids.next(KEY)]).toEqual([itemIdOf(PATIENT, KEY, 1), itemIdOf(PATIENT, KEY, 2)]);
  });

  test('are random where none can be derived', () => {
    const ids = new ItemIds(v4(), []);
    expect(new Set([ids.next(KEY), ids.next(KEY)]).size).toBe(2);
  });
});
