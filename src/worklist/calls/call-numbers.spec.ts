import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Dialled, numbersToCall, type Reachable } from './call-numbers.js';

const OWN = '13812345678/0571-87654321';
const SON: Reachable = { id: 'son', name: '李明', relation: 'son', phone: '13900000001' };
const DOCTOR: Reachable = { id: 'doctor', name: '王医生', relation: 'village_doctor', phone: '13900000002' };
const NO_PHONE: Reachable = { id: 'wife', name: '孙丽', relation: 'spouse', phone: null };

const numbers = (
  dialled: readonly Dialled[] = [],
  step: Parameters<typeof numbersToCall>[2]['step'] = null,
) => numbersToCall(OWN, [NO_PHONE, DOCTOR, SON], { dialled, step }).map(({ number }) => number);
const dialled = (facts: Partial<Dialled>): Dialled => ({
  ...{ channel: 'telephone', relativeId: null, number: null },
  ...facts,
});

test("the patient's own numbers come first, then relatives, then doctors", () => {
  expect(numbers()).toEqual(['13812345678', '057187654321', '13900000001', '13900000002']);
});

test('the numbers of the step that the ladder proposes come before the others', () => {
  expect(numbers([], 'relative')[0]).toBe('13900000001');
  expect(numbers([], 'general_practitioner')[0]).toBe('13900000002');
  expect(numbers([], 'letter')[0]).toBe('13812345678');
});

test('a number that was dialled today is left out', () => {
  expect(numbers([dialled({ number: '13812345678' })])).toEqual([
    '057187654321',
    '13900000001',
    '13900000002',
  ]);
});

test('a call without a number leaves out all numbers of the person who was called', () => {
  expect(numbers([dialled({})])).toEqual(['13900000001', '13900000002']);
  expect(numbers([dialled({ channel: 'relative', relativeId: 'son' })])).not.toContain('13900000001');
});

test('a number that two people share is offered once', () => {
  const shared = numbersToCall('13812345678', [{ ...SON, phone: '138 1234 5678' }], {
    dialled: [],
    step: null,
  });
  expect(shared).toMatchObject([{ number: '13812345678', channel: 'telephone', relative: null }]);
});

test('what is left and what was dialled are together all numbers, whatever was dialled', () => {
  fc.assert(
    fc.property(fc.subarray(numbers()), (gone) => {
      const left = numbers(gone.map((number) => dialled({ number })));
      expect([...left, ...gone].sort()).toEqual(numbers().sort());
    }),
  );
});
