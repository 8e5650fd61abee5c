import { bandScale, dayScale, valueScale } from './scales.js';

const texts = ({ ticks }: { readonly ticks: readonly { readonly text: string }[] }) =>
  ticks.map(({ text }) => text);

test('days lie in proportion to their distance', () => {
  const scale = dayScale('2026-01-01', '2026-01-11', 100);
  expect(scale.positionOf('2026-01-01')).toBe(0);
  expect(scale.positionOf('2026-01-06')).toBe(50);
  expect(scale.positionOf('2026-01-11')).toBe(100);
});

test('a long span is written in years, a short one in months', () => {
  expect(texts(dayScale('2024-06-01', '2031-06-01', 600))).toEqual([
    '2025',
    '2026',
    '2027',
    '2028',
    '2029',
    '2030',
    '2031',
  ]);
  expect(texts(dayScale('2026-01-15', '2026-07-15', 500))).toContain('2026-04');
});

test('figures begin at zero and end above the highest one', () => {
  const scale = valueScale(47, 160);
  expect(scale.positionOf(0)).toBe(160);
  expect(scale.positionOf(47)).toBeGreaterThan(0);
  expect(texts(scale)).toEqual(['0', '10', '20', '30', '40', '50']);
  expect(valueScale(0, 160).positionOf(0)).toBe(160);
});

test('of many bands only those with room are written', () => {
  const weeks = Array.from({ length: 52 }, (_, place) => `W${place}`);
  const scale = bandScale(weeks, 840);
  expect(texts(scale).length).toBeLessThanOrEqual(10);
  expect(scale.positionOf('W51')).toBeLessThan(840);
});
