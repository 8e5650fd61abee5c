import type { Rule } from '../calls/guidelines.js';
import { GUIDELINES } from '../../src/guideline/published/index.js';
import { RuleText } from './rule-text.js';
import { ruleWords } from './rule-words.js';

const NAMES = {
  activity: (code: string) => `<${code}>`,
  event: (type: string) => `[${type}]`,
  field: (_: string, field: string) => field,
  value: (_type: string, _field: string, value: string) => value,
};
const textIn = (language: 'zh' | 'en') => new RuleText(ruleWords[language], NAMES);
const ruleOf = (guideline: string, id: string): Rule =>
  GUIDELINES.find((one) => one.id === guideline)!.rules.find((rule) => rule.id === id)!;

test('phases are written with their ranges and ends', () => {
  const rule = ruleOf('crlm-cn-2025', 'postoperative_review');
  expect(
    textIn('zh')
      .schedule(rule)
      .map(({ text }) => text),
  ).toEqual(['每 3–6 个月、至第 24 个月', '每 6 个月、至第 60 个月', '每 12 个月、无终点']);
  expect(textIn('en').schedule(rule)[0]).toEqual({
    text: 'every 3–6 months, until 24 months',
    ...{ evidence: '1a', grade: 'A' },
  });
});

test('every rule of every published guideline is put into words in both languages', () => {
  for (const guideline of GUIDELINES)
    for (const rule of guideline.rules)
      for (const language of ['zh', 'en'] as const) {
        const text = textIn(language);
        const lines = [...text.schedule(rule).map((line) => line.text), ...text.limits(rule)];
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.filter((line) => /undefined|\[object|\bP\d/.test(line))).toEqual([]);
      }
});

test('a period of several units keeps its signs', () => {
  expect(textIn('zh').range('P19M4W-1D')).toBe('19 个月加4 周减1 天');
  expect(textIn('en').range('P1Y')).toBe('1 year');
});
