import { ROW_PX, scrollTopFor } from './row-scroll.js';

const TEN_ROWS = 11 * ROW_PX; // and the head

test('a visible row does not scroll the table', () => {
  expect(scrollTopFor(0, 0, TEN_ROWS)).toBeUndefined();
  expect(scrollTopFor(9, 0, TEN_ROWS)).toBeUndefined();
  expect(scrollTopFor(12, 5 * ROW_PX, TEN_ROWS)).toBeUndefined();
});

test('a row above becomes the first one, and a row below the last one', () => {
  expect(scrollTopFor(3, 5 * ROW_PX, TEN_ROWS)).toBe(3 * ROW_PX);
  expect(scrollTopFor(10, 0, TEN_ROWS)).toBe(ROW_PX);
  expect(scrollTopFor(9999, 0, TEN_ROWS)).toBe(9990 * ROW_PX);
});
