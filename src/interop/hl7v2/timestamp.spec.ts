import { expect, test } from '@jest/globals';
import { readTime } from './timestamp.js';

test.each([
  ['2026', '2026', undefined],
  ['202611', '2026-11', undefined],
  ['20261102', '2026-11-02', '2026-11-02'],
  ['202611020830', '2026-11-02T08:30', '2026-11-02'],
  ['20261102083015.25+0800', '2026-11-02T08:30:15.25+08:00', '2026-11-02'],
])('%s is %s', (text, iso, day) => {
  expect(readTime(text)).toEqual({ text: iso, day });
});

test.each([
  '',
  '01/15/2025',
  'Aug 15, 1942',
  '20260230',
  '20261302',
  '2026110224',
  '20110613122406637',
  '196203520',
])('%j is no time, and is not guessed', (text) => {
  expect(readTime(text)).toBeUndefined();
});
