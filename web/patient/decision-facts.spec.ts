import type { Decision } from '../calls/record.js';
import { decisionFacts } from './decision-facts.js';

const words = {
  profiles: { minimal: 'minimal' },
  livers: { ct: 'CT' },
  months: (count: number) => `every ${count} months`,
};
const names = { rule: (id: string) => `rule ${id}`, activity: (code: string) => `exam ${code}` };
const facts = (decision: object) => decisionFacts(decision as Decision, words, names);

test('a decision is in words', () => {
  expect(facts({ kind: 'profile', profile: 'minimal' })).toEqual(['minimal']);
  expect(facts({ kind: 'interval', rule: 'a', every: 'P4M' })).toEqual(['rule a', 'every 4 months']);
  expect(facts({ kind: 'rule_off', rule: 'a', from: '2026-03-10' })).toEqual(['rule a', '2026-03-10']);
  expect(facts({ kind: 'added_item', activity: 'x', due: '2026-09-01' })).toEqual(['exam x', '2026-09-01']);
});
