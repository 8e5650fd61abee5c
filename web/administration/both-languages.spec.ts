import { bothOrNull, EMPTY, isHalf } from './both-languages.js';

test('an empty text is none, and a text in one language is half', () => {
  expect(bothOrNull(EMPTY)).toBeNull();
  expect(bothOrNull({ zh: ' 您好 ', en: 'Hello' })).toEqual({ zh: '您好', en: 'Hello' });
  expect(isHalf({ zh: '您好', en: ' ' })).toBe(true);
  expect(isHalf(EMPTY)).toBe(false);
});
