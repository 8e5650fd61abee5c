import { addDays, dayText, daysFrom, distanceText, instantAt, instantText } from './dates.js';

test('a day is written with its weekday, wherever the reader is', () => {
  expect(dayText('2026-11-03', 'zh')).toBe('2026-11-03 周二');
  expect(dayText('2026-11-03', 'en')).toBe('2026-11-03 Tue');
});

test('distances are counted in days, over the end of a year and a change to summer time', () => {
  expect(daysFrom('2026-12-30', '2027-01-02')).toBe(3);
  expect(daysFrom('2026-03-30', '2026-03-28')).toBe(-2);
  expect(addDays('2026-02-27', 3)).toBe('2026-03-02');
});

test('distances are written in words', () => {
  expect([-12, 0, 1].map((days) => distanceText(days, 'zh'))).toEqual(['12 天前', '今天', '1 天后']);
  expect([-1, 0, 2].map((days) => distanceText(days, 'en'))).toEqual(['1 day ago', 'today', 'in 2 days']);
});

test('what a clock shows is an instant, wherever the reader is and whenever clocks change', () => {
  expect(instantAt('2026-11-03T14:05', 'Asia/Shanghai')).toBe('2026-11-03T06:05:00.000Z');
  for (const shown of ['2026-03-29T01:30', '2026-03-29T03:30', '2026-10-25T12:00'])
    expect(instantText(instantAt(shown, 'Europe/Berlin'), 'Europe/Berlin')).toBe(shown.replace('T', ' '));
});
