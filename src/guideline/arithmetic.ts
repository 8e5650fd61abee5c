import { fromDayNumber, toDayNumber } from './calendar.js';
import { type Choices, intervalOf, soonest } from './choices.js';
import type { ChainCase, ChainRule, Guideline, Language, Moment, Period, Rule, Text } from './guideline.js';
import { momentsIn, rangeOf } from './moments.js';
import { dayAt, type Offset, offsetOf, partsOf, type PeriodPart } from './period.js';
import type { PlannedItem } from './planned-item.js';

/** The facts that explain an item, computed or stored. */
export type Reasoned = Pick<
  PlannedItem,
  'key' | 'rule' | 'phase' | 'measuredFrom' | 'due' | 'projected' | 'covers' | 'alsoFor' | 'deviates'
>;

/** One item and the language of its explanation. */
export interface ExplanationContext {
  readonly guideline: Guideline;
  readonly rule: Rule;
  readonly item: Reasoned;
  readonly choices: Choices;
  readonly language: Language;
  readonly say: (zh: string, en: string) => string;
}

/** The sum that led to the due date, in the unit in which the rule counts. */
export function arithmetic(context: ExplanationContext): string {
  const { guideline, item, say } = context;
  const { measuredFrom, due } = item;
  const offset = offsetIn(context);
  const stated = fromDayNumber(dayAt(measuredFrom, offset, guideline.monthEnd === 'roll'));
  const counted = offsetTexts(offset, say);
  const sum = counted.length === 0 ? '' : `${added([measuredFrom, ...counted])} → ${stated}`;
  if (stated < due)
    return say(
      `${sum || measuredFrom}；当时未在随访路径或未做，恢复随访当日 ${due} 到期`,
      `${sum || measuredFrom}; not done by then or off follow-up, so due on the day follow-up goes on, ${due}`,
    );
  if (stated > due)
    return say(
      `${sum}；上一次检查做得早，为不超过范围长端而提前至 ${due}`,
      `${sum}; the last one was done early, so the date moves forward to ${due}, the long end of the range after it`,
    );
  return sum || say(`${due} 当日`, `on the day itself, ${due}`);
}

/** The period added to the date from which the item was measured. */
function offsetIn(context: ExplanationContext): Offset {
  const { rule, item } = context;
  if (rule.kind === 'recurring' && rule.anchor === 'grid') {
    const [, months, days] = /\+P(?:(-?\d+)M)?(?:(-?\d+)D)?$/.exec(item.key) ?? [];
    return { months: Number(months ?? 0), days: Number(days ?? 0) };
  }
  const period = statedPeriod(context);
  return period === null
    ? { months: 0, days: toDayNumber(item.due) - toDayNumber(item.measuredFrom) }
    : offsetOf(period);
}

/** The period of a chain, a rolling rule or a finding, or the interval on a grid; null: there is none. */
export function statedPeriod(context: ExplanationContext): Period | null {
  const { rule, item, choices } = context;
  if (rule.kind === 'after-finding') return rule.due;
  if (rule.kind === 'chain') return chainPeriod(rule, context);
  const printed = rule.phases[item.phase];
  if (printed === undefined) return null;
  const single = 'at' in printed ? printed.at.map((at) => soonest(at, choices)) : [printed.from];
  const led = single.find((period) => period !== undefined && leads(period, context));
  return led ?? ('at' in printed ? null : intervalOf(rule, item.phase, choices));
}

/** Whether the period, counted from the date of measurement, ends on the due date. */
const leads = (period: Period, { guideline, item: { measuredFrom, due } }: ExplanationContext): boolean =>
  fromDayNumber(dayAt(measuredFrom, offsetOf(period), guideline.monthEnd === 'roll')) === due;

function chainPeriod({ id, cases }: ChainRule, context: ExplanationContext): Period | null {
  const { item, choices } = context;
  const found = cases[item.phase];
  const interval = choices.rules?.[id]?.interval;
  if (interval !== undefined && (!found?.limit || leads(interval, context))) return interval;
  if (found === undefined) return null;
  const range = rangeOf(found.due);
  return range === null ? (ledBy(found, context)?.after ?? null) : soonest(range, choices);
}

/** Of several moments, the one that determined the due date. */
const ledBy = ({ due }: ChainCase, context: ExplanationContext): Moment | undefined =>
  momentsIn(due).find(({ after }) => leads(after, context));

/** The start of a chain's date. An interval chosen by a clinician counts from the last exam. */
export function chainStart({ id, cases }: ChainRule, context: ExplanationContext): Moment['from'] {
  const { item, choices } = context;
  const found = cases[item.phase];
  const interval = choices.rules?.[id]?.interval;
  if (found === undefined || (interval !== undefined && (!found.limit || leads(interval, context))))
    return 'last';
  return rangeOf(found.due) === null ? (ledBy(found, context)?.from ?? 'last') : found.from;
}

function offsetTexts({ months, days }: Offset, say: ExplanationContext['say']): string[] {
  const count = (value: number, zh: string, en: string): string =>
    say(`${value} ${zh}`, `${value} ${en}${Math.abs(value) === 1 ? '' : 's'}`);
  return [
    ...(months === 0 ? [] : [count(months, '个月', 'month')]),
    ...(days === 0
      ? []
      : [months === 0 && days % 7 === 0 ? count(days / 7, '周', 'week') : count(days, '天', 'day')]),
  ];
}

/** `19 months`, `27 days` → `19 months + 27 days`; a negative part is subtracted. */
const added = (parts: readonly string[]): string =>
  parts.reduce((sum, part) => (part.startsWith('-') ? `${sum} − ${part.slice(1)}` : `${sum} + ${part}`));

const UNITS: Readonly<Record<PeriodPart['unit'], Text>> = {
  Y: { zh: '年', en: 'year' },
  M: { zh: '个月', en: 'month' },
  W: { zh: '周', en: 'week' },
  D: { zh: '天', en: 'day' },
};

export function periodText(period: Period, language: Language): string {
  const parts = partsOf(period).map(({ count, unit }) =>
    language === 'zh'
      ? `${count}${UNITS[unit].zh}`
      : `${count} ${UNITS[unit].en}${Math.abs(count) === 1 ? '' : 's'}`,
  );
  return added(parts);
}
