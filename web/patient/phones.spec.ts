import { dialled, phonesIn } from './phones.js';

test('each number of the field can be dialled, and keeps its note', () => {
  expect(phonesIn('13800000001')).toEqual([{ number: '13800000001', note: '' }]);
  expect(phonesIn('13800000001 本人，010-6234 5678（女儿）')).toEqual([
    { number: '13800000001', note: '本人' },
    { number: '010-6234 5678', note: '女儿' },
  ]);
  expect(dialled('+86 010-6234 5678')).toBe('tel:+8601062345678');
});
