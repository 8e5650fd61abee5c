import type { Decision, PlanGuideline } from '../calls/record.js';
import type { Language } from '../words/language.js';

export type RuleTitles = Pick<PlanGuideline, 'rules'> | undefined;

/** The name of a rule; its id where the guideline does not have it. */
export const ruleTitle = (id: string, guideline: RuleTitles, language: Language): string =>
  guideline?.rules.find((rule) => rule.id === id)?.title[language] ?? id;

interface Words {
  readonly profiles: Readonly<Record<string, string>>;
  readonly livers: Readonly<Record<string, string>>;
  readonly months: (count: number) => string;
}

/** What was decided, in words: the rule, the interval, the day. */
export function decisionFacts(
  decision: Decision,
  words: Words,
  names: { readonly rule: (id: string) => string; readonly activity: (code: string) => string },
): readonly string[] {
  const { profile, liverImaging, rule, every, from, activity, due } = decision as Readonly<
    Record<string, unknown>
  >;
  const text = (value: unknown, write: (written: string) => string): string[] =>
    typeof value === 'string' ? [write(value)] : [];
  return [
    ...text(profile, (value) => words.profiles[value] ?? value),
    ...text(liverImaging, (value) => words.livers[value] ?? value),
    ...text(rule, names.rule),
    ...text(activity, names.activity),
    ...text(every, (value) => monthsText(value, words)),
    ...text(from, (value) => value),
    ...text(due, (value) => value),
  ];
}

/** `P4M` in words; another period as it is. */
function monthsText(period: string, { months }: Words): string {
  const [, count] = /^P(\d+)M$/.exec(period) ?? [];
  return count === undefined ? period : months(Number(count));
}
