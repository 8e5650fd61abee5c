import { problemsOf } from '../../src/guideline/check.js';
import type { ChainCase, Guideline, Phase, RecurringRule, Rule } from '../../src/guideline/guideline.js';
import { CRLM_CN_2025 } from '../../src/guideline/published/crlm-cn-2025.js';

const BASE: Guideline = CRLM_CN_2025;
export const NOT_PRINTED = { evidence: null, grade: null } as const;
export const ANOTHER_READING = { zh: '另一种读法', en: 'Another reading' };

/** A reading of the 2025 guideline: a change to its data alone. */
export type Change = (guideline: Guideline) => Guideline;
export const ruleOf = (id: string): Rule => BASE.rules.find((rule) => rule.id === id)!;
export const withRules =
  (change: (rule: Rule) => readonly Rule[]): Change =>
  (guideline) => ({ ...guideline, rules: guideline.rules.flatMap(change) });
export const recurring = (ids: readonly string[], change: Partial<RecurringRule>): Change =>
  withRules((rule) => [ids.includes(rule.id) ? ({ ...rule, ...change } as Rule) : rule]);
export const phasesOf = (
  ids: readonly string[],
  change: (phases: readonly Phase[]) => readonly Phase[],
): Change =>
  withRules((rule) => [
    rule.kind === 'recurring' && ids.includes(rule.id)
      ? { ...rule, phases: change(rule.phases) as RecurringRule['phases'] }
      : rule,
  ]);
export const without = (...ids: readonly string[]): Change =>
  withRules((rule) => (ids.includes(rule.id) ? [] : [rule]));
export const cases = (change: (cases: readonly ChainCase[]) => readonly ChainCase[]): Change =>
  withRules((rule) => [rule.kind === 'chain' ? { ...rule, cases: change(rule.cases) } : rule]);
export const both =
  (...changes: readonly Change[]): Change =>
  (guideline) =>
    changes.reduce((changed, change) => change(changed), guideline);
export const declared =
  (events: NonNullable<Guideline['events']>, activities: Guideline['activities'] = {}): Change =>
  (guideline) => ({ ...guideline, events, activities });
export const clocked =
  (pathway: string, clock: Guideline['pathways'][number]['clock']): Change =>
  (guideline) => ({
    ...guideline,
    pathways: guideline.pathways.map((one) =>
      one.id === pathway ? { ...one, clock, endedBy: [...one.endedBy, clock.event] } : one,
    ),
  });

/** The changed guideline; throws if it has problems. */
export function read(change: Change): Guideline {
  const changed = change(BASE);
  const problems = problemsOf(changed);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return changed;
}
