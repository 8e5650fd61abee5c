import type { Condition, Guideline, Rule } from './guideline.js';

/** Every condition in the guideline's rules, cases and flags. */
export const conditionsOf = ({ rules, flags }: Guideline): Condition[] => [
  ...rules.flatMap(conditionsOfRule),
  ...flags.flatMap(({ when }) => ('running' in when || 'otherMethodFor' in when ? [] : [when])),
];

export const conditionsOfRule = (rule: Rule): Condition[] => [
  ...(rule.given ?? []),
  ...(rule.kind === 'chain' ? rule.cases.flatMap(({ when }) => when.given ?? []) : []),
];

/** The present age in the condition; undefined: it is about something else. */
export function presentAgeIn(condition: Condition): number | undefined {
  if ('not' in condition) return presentAgeIn(condition.not);
  if ('ageBelow' in condition) return condition.ageBelow;
  return 'ageFrom' in condition ? condition.ageFrom : undefined;
}
