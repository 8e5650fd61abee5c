import { expect, test } from '@jest/globals';
import { ConnectionSlots } from './connection-slots.js';

const slots = (): ConnectionSlots => new ConnectionSlots({ all: 4, perAddress: 2, perHospital: 2 });

test('an address gets a connection again when it ends one', () => {
  const open = slots();
  const first = open.take('10.0.0.1');
  open.take('10.0.0.1');
  expect(open.take('10.0.0.1')).toBeUndefined();
  first?.();
  first?.(); // a second call frees nothing
  expect(open.take('10.0.0.1')).toBeDefined();
  expect(open.take('10.0.0.1')).toBeUndefined();
  expect(open.taken).toBe(2);
});

test('all addresses together have their limit', () => {
  const open = slots();
  for (const address of ['a', 'a', 'b', 'b']) expect(open.take(address)).toBeDefined();
  expect(open.take('c')).toBeUndefined();
});

test('a hospital with all its connections takes none from another that may connect from there', () => {
  const open = slots();
  expect(open.takeFor(['busy'])).toBeDefined();
  expect(open.takeFor(['busy'])).toBeDefined();
  expect(open.takeFor(['busy'])).toBeUndefined();
  expect(open.takeFor(['busy', 'quiet'])).toBeDefined();
  expect(open.takeFor(['busy', 'quiet'])).toBeDefined();
  expect(open.takeFor(['busy', 'quiet'])).toBeUndefined();
  expect(open.takeFor([])).toBeUndefined();
});
