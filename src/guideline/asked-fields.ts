import { conditionsOf } from './conditions.js';
import type { Condition, EventPattern, Guideline, Rule, Values } from './guideline.js';
import { fieldsOfExams } from './recorded-exam.js';

/** The fields that affect a plan, by type of event. */
export type AskedFields = ReadonlyMap<string, ReadonlySet<string>>;

/** The event fields on which the guideline's dates or flags depend. */
export function askedFields(guideline: Guideline): AskedFields {
  const asked = new Map<string, Set<string>>();
  const ask = (event: string, fields: readonly string[]): void =>
    void asked.set(event, new Set([...(asked.get(event) ?? []), ...fields]));
  for (const [event, fields] of Object.entries(fieldsOfExams(guideline))) ask(event, fields);
  for (const { event, where } of patternsOf(guideline)) ask(event, Object.keys(where ?? {}));
  for (const rule of guideline.rules)
    if (rule.kind === 'chain' && rule.counts.field !== undefined) ask(rule.counts.event, [rule.counts.field]);
  return asked;
}

function patternsOf(guideline: Guideline): EventPattern[] {
  const clockOf = (id: string): string => guideline.pathways.find((one) => one.id === id)?.clock.event ?? '';
  return [
    ...guideline.pathways.map(({ clock }) => clock),
    ...conditionsOf(guideline).flatMap(patternIn),
    ...guideline.rules.flatMap((rule) => rulePatterns(rule, clockOf)),
    ...guideline.flags.flatMap(({ when }) => {
      if (!('running' in when)) return [];
      if ('neverRecorded' in when) return [when.neverRecorded];
      return 'where' in when ? [{ event: clockOf(when.running), where: when.where }] : [];
    }),
  ];
}

function rulePatterns(rule: Rule, clockOf: (pathway: string) => string): EventPattern[] {
  const of = (event: string, where: Values | undefined): EventPattern[] =>
    where === undefined ? [] : [{ event, where }];
  switch (rule.kind) {
    case 'recurring':
      return [...of(clockOf(rule.pathway), rule.where), ...(rule.countedFrom ? [rule.countedFrom] : [])];
    case 'chain':
      return [rule.clock, rule.counts, ...rule.cases.flatMap(({ when }) => of(rule.clock.event, when.clock))];
    case 'after-finding':
      return [rule.after];
  }
}

function patternIn(condition: Condition): EventPattern[] {
  if ('not' in condition) return patternIn(condition.not);
  if ('recorded' in condition) return [condition.recorded];
  return 'neverRecorded' in condition ? [condition.neverRecorded] : [];
}
