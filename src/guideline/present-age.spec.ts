import { dues, fact, plannedBy } from '../../test/support/planned.js';
import { drafted, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { problemsOf } from './check.js';
import type { ClinicalFact } from './facts.js';
import type { Condition, Guideline, Rule } from './guideline.js';
import { explanationOf } from './reason.js';

const START = started('2024-01-15');
const UNTIL = '2026-12-31';
const once = (...given: Condition[]) => visit([{ at: ['P6M'] }], { given });
const asks = (
  given: readonly Condition[],
  birthDate: string,
  asOf: string,
  events: ClinicalFact[] = [START],
) =>
  dues(plannedBy(protocol([once(...given)]), events, { birthDate, asOf, until: UNTIL }), 'visit').length > 0;
const statusesAt = (guideline: Guideline, birthDate: string, asOf: string) =>
  plannedBy(guideline, [START], { birthDate, asOf, until: UNTIL }).validUntil;

describe('a condition on the age on the day of planning', () => {
  test.each([
    ['the day before the birthday', '2026-05-31', false, true],
    ['the birthday', '2026-06-01', true, false],
    ['years later', '2030-06-01', true, false],
  ])('%s', (_, asOf, from, below) => {
    expect(asks([{ ageFrom: 50 }], '1976-06-01', asOf)).toBe(from);
    expect(asks([{ ageBelow: 50 }], '1976-06-01', asOf)).toBe(below);
  });

  test('a person born on 29 February turns a year older on 1 March', () => {
    expect(asks([{ ageFrom: 50 }], '1976-02-29', '2026-02-28')).toBe(false);
    expect(asks([{ ageFrom: 50 }], '1976-02-29', '2026-03-01')).toBe(true);
  });

  test('the plan stands until the day before the birthday that changes it, and then until the next one', () => {
    const guideline = protocol([once({ ageFrom: 50 }, { not: { ageFrom: 52 } })]);

    expect(statusesAt(guideline, '1976-06-01', '2024-02-01')).toBe('2026-05-31');
    expect(statusesAt(guideline, '1976-06-01', '2026-05-31')).toBe('2026-05-31');
    expect(statusesAt(guideline, '1976-06-01', '2026-06-01')).toBe('2028-05-31');
    expect(statusesAt(guideline, '1976-06-01', '2028-06-01')).toBeNull();
    expect(statusesAt(guideline, '1976-02-29', '2024-02-01')).toBe('2026-02-28');
  });

  test('a case of a chain and a flag may ask for it too', () => {
    const chain = scope([
      { when: { none: true, given: [{ ageBelow: 50 }] }, from: 'clock', due: 'P24M', limit: false },
      { when: { none: true }, from: 'clock', due: 'P12M', limit: false },
    ]);
    const flags = [{ code: 'old', message: { zh: '年长', en: 'Old' }, when: { ageFrom: 75 } }];
    const due = (asOf: string) =>
      dues(plannedBy(protocol([chain]), [START], { birthDate: '1976-06-01', asOf, until: UNTIL }), 'scope');
    const flagged = (asOf: string) =>
      plannedBy(protocol([once()], { flags }), [START], { birthDate: '1950-06-01', asOf }).flags.length;

    expect([due('2024-02-01'), due('2026-06-01')]).toEqual([['2026-01-15'], ['2025-01-15']]);
    expect(statusesAt(protocol([chain]), '1976-06-01', '2024-02-01')).toBe('2026-05-31');
    expect([flagged('2025-05-31'), flagged('2025-06-01')]).toEqual([0, 1]);
    expect(statusesAt(protocol([once()], { flags }), '1950-06-01', '2025-05-31')).toBe('2025-05-31');
  });

  test('says in both languages that a birthday would change the date', () => {
    const guideline = protocol([once({ ageFrom: 50 })]);
    const [item] = plannedBy(guideline, [START], { birthDate: '1970-01-01' }).items;
    const changed = (language: 'zh' | 'en', by = guideline) =>
      explanationOf(by, item!, { profile: 'intensive', liverImaging: 'ct' }, language).wouldChange;

    expect(changed('en')).toContain('a birthday that the rule names');
    expect(changed('zh')).toContain('患者满某一岁数的生日');
    expect(changed('en', protocol([once()]))).not.toContain('a birthday that the rule names');
  });
});

describe('the contrary of a condition', () => {
  const more = { events: { gene: { fields: { found: ['yes', 'no'] } } } };
  const gene = (found: string) => fact('gene', '2024-02-01', { found });
  const planned = (rule: Rule, events: ClinicalFact[]) =>
    dues(plannedBy(protocol([rule], more), events), rule.id);

  test('holds where the condition does not', () => {
    const rule = once({ not: { recorded: { event: 'gene', where: { found: ['yes'] } } } });

    expect(planned(rule, [START])).toEqual(['2024-07-15']);
    expect(planned(rule, [START, gene('no')])).toEqual(['2024-07-15']);
    expect(planned(rule, [START, gene('yes')])).toEqual([]);
    expect(asks([{ not: { onsetBefore: 50 } }], '1955-03-01', '2024-01-15')).toBe(true);
    expect(asks([{ not: { onsetBefore: 80 } }], '1955-03-01', '2024-01-15')).toBe(false);
  });

  test('is checked as the condition is', () => {
    const rule = once({ not: { recorded: { event: 'gene' } } });

    expect(problemsOf(drafted([rule])).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/rules/0/given/0/not/recorded/event', 'unknown-event'],
    ]);
  });
});
