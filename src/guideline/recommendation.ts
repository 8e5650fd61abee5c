import type { Guideline, Recommendation } from './guideline.js';

/** Section, evidence and grade printed for one phase of a rule; a rule this guideline does not have prints nothing. */
export function recommendationOf(
  guideline: Guideline,
  ruleId: string,
  phase: number,
): Recommendation & { readonly section: string } {
  const rule = guideline.rules.find(({ id }) => id === ruleId);
  if (!rule) return { section: '', evidence: null, grade: null };
  const printed =
    rule.kind === 'after-finding' ? rule : rule.kind === 'chain' ? rule.cases[phase] : rule.phases[phase];
  return { section: rule.section, evidence: printed?.evidence ?? null, grade: printed?.grade ?? null };
}
