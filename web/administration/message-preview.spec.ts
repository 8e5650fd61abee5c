import { partsOf, previewOf } from './message-preview.js';

test('words in braces are filled with samples, and unknown ones stay visible', () => {
  expect(previewOf('{patient}您好，{date} {tiem}', { patient: '王桂兰', date: '2026-11-03' })).toBe(
    '王桂兰您好，2026-11-03 {tiem}',
  );
});

test('a Chinese text is charged by 70 characters, a longer one by 67', () => {
  expect([70, 71, 134, 135].map((length) => partsOf('随'.repeat(length)))).toEqual([1, 2, 2, 3]);
  expect([160, 161, 307].map((length) => partsOf('a'.repeat(length)))).toEqual([1, 2, 3]);
});
