import { expect, test } from '@jest/globals';
import { readDate } from './written-date.js';

const written = (text: string) => readDate({ text });

test.each([
  ['2026/3/5', '2026-03-05'],
  ['2026-03-05', '2026-03-05'],
  ['2026.3.5', '2026-03-05'],
  ['2026．3．5', '2026-03-05'],
  ['2026年3月5日', '2026-03-05'],
  ['2026年03月05号', '2026-03-05'],
  ['2026 年 3 月 5 日', '2026-03-05'],
  ['20260305', '2026-03-05'],
  ['20260305143000', '2026-03-05'],
  ['２０２６年３月５日', '2026-03-05'],
  ['２０２６－０３－０５', '2026-03-05'],
  ['二〇二六年三月五日', '2026-03-05'],
  ['二零二六年十二月二十五日', '2026-12-25'],
  ['2026-03-05T14:30:00+08:00', '2026-03-05'],
  ['2026/3/5 0:00:00', '2026-03-05'],
  ['2026年3月5日 14:30', '2026-03-05'],
  ['2026年3月5日14时30分', '2026-03-05'],
  ['2026/3/5 下午 3:20', '2026-03-05'],
  ['2026-3-5（星期四）', '2026-03-05'],
  ['2026/3/5 周四', '2026-03-05'],
  ['25/06/2024', '2024-06-25'],
  ['06/25/2024', '2024-06-25'],
  ['5 Mar 2026', '2026-03-05'],
  ['Mar 5, 2026', '2026-03-05'],
  ['45542', '2024-09-07'],
  ['2024/6/18（外院）', '2024-06-18'],
  ['2026/3/5、', '2026-03-05'],
])('%s is a day', (text, date) => {
  expect(written(text)).toMatchObject({ date });
});

test.each([
  ['2026年3月', 'month-only'],
  ['2026.03', 'month-only'],
  ['2026-3', 'month-only'],
  ['202603', 'month-only'],
  ['1961年', 'year-only'],
  ['1955', 'year-only'],
  ['26-3-5', 'two-digit-year'],
  ["'26.3.5", 'two-digit-year'],
  ['26年3月5日', 'two-digit-year'],
  ['240506', 'two-digit-year'],
  ['05/06/2024', 'day-or-month-first'],
  ['3月5日', 'no-year'],
  ['58', 'age'],
  ['61岁', 'age'],
  ['2024年3月初', 'approximate'],
  ['2024年3月中旬', 'approximate'],
  ['约2024年3月5日', 'approximate'],
  ['2024-3-5?', 'approximate'],
  ['2024.3.5左右', 'approximate'],
  ['2024-3-5、2024-4-6', 'several-dates'],
  ['2024.3.5/2024.4.6', 'several-dates'],
  ['2024.3.5复发', 'note-in-date'],
  ['农历1960年正月初五', 'lunar'],
  ['1960年腊月初八', 'lunar'],
  ['已故', 'no-date'],
  ['#REF!', 'no-date'],
])('%s is a question', (text, doubt) => {
  expect(written(text)).toMatchObject({ doubt });
});

test.each([
  '2025-02-30',
  '2023-13-05',
  '2019.9.31',
  '2022年2月29日',
  '31/02/2024',
  '2024-00-10',
  '2024年13月',
])('%s is no day that exists', (text) => {
  expect(written(text)).toEqual({ noSuchDate: true });
});

test.each(['', '—', '/', '不详', '无', 'N/A', '未知', '··'])('“%s” says nothing', (text) => {
  expect(written(text)).toEqual({ date: undefined });
});

test('a date cell counts for what it shows', () => {
  const date = '2026-03-01' as never;
  expect(readDate({ text: '2026-03-01', number: 46082, date, precision: 'day' })).toEqual({ date });
  expect(readDate({ text: '2026-03-01', number: 46082, date, precision: 'month' })).toMatchObject({
    doubt: 'month-only',
  });
  expect(readDate({ text: '2026-03-01', number: 46082, date, precision: 'no-year' })).toMatchObject({
    doubt: 'no-year',
  });
  expect(readDate({ text: '60', number: 60, date: null, precision: 'day' })).toEqual({ noSuchDate: true });
  expect(readDate({ text: '1955', number: 1955 })).toMatchObject({ doubt: 'year-only' });
});
