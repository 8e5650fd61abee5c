import { addMonths, comparedPeriod, periodOf, shifted } from './periods.js';

const TODAY = '2026-03-10';

test('shortcuts are whole months, over the end of a year', () => {
  expect(periodOf('thisMonth', TODAY)).toEqual({ from: '2026-03-01', to: '2026-03-31' });
  expect(periodOf('lastMonth', TODAY)).toEqual({ from: '2026-02-01', to: '2026-02-28' });
  expect(periodOf('threeMonths', TODAY)).toEqual({ from: '2025-12-01', to: '2026-02-28' });
  expect(periodOf('twelveMonths', TODAY)).toEqual({ from: '2025-03-01', to: '2026-02-28' });
});

test('whole months are compared with as many whole months', () => {
  const months = { from: '2025-12-01', to: '2026-02-28' };
  expect(comparedPeriod(months, 'before')).toEqual({ from: '2025-09-01', to: '2025-11-30' });
  expect(comparedPeriod(months, 'year')).toEqual({ from: '2024-12-01', to: '2025-02-28' });
});

test('other periods are compared with as many days', () => {
  const days = { from: '2026-02-10', to: '2026-02-19' };
  expect(comparedPeriod(days, 'before')).toEqual({ from: '2026-01-31', to: '2026-02-09' });
  expect(comparedPeriod(days, 'year')).toEqual({ from: '2025-02-10', to: '2025-02-19' });
  expect(comparedPeriod({ from: '2024-02-10', to: '2024-02-29' }, 'year').to).toBe('2023-02-28');
});

test('a period moves by its own length', () => {
  expect(shifted({ from: '2026-01-01', to: '2026-03-31' }, -1)).toEqual({
    from: '2025-10-01',
    to: '2025-12-31',
  });
  expect(shifted({ from: '2026-01-05', to: '2026-01-11' }, 1)).toEqual({
    from: '2026-01-12',
    to: '2026-01-18',
  });
});

test('months are counted over the end of a year', () => {
  expect([addMonths('2026-01', -1), addMonths('2025-12', 1), addMonths('2026-05', -17)]).toEqual([
    ...['2025-12', '2026-01', '2024-12'],
  ]);
});
