import { type CalendarDate, fromDayNumber, toDayNumber } from './calendar.js';
import { type Choices, intervalOf } from './choices.js';
import type { ChainRule, Guideline, MonthEnd, Period, Rule, Text } from './guideline.js';
import { dayAt, offsetOf, shortEnd } from './period.js';
import type { PlannedItem } from './slot.js';

export type Language = 'zh' | 'en';

/** What has to be known of an item to explain it, whether freshly planned or stored. */
export type Reasoned = Pick<
  PlannedItem,
  'key' | 'rule' | 'phase' | 'measuredFrom' | 'due' | 'projected' | 'covers' | 'deviates'
>;

/** One item to be explained in one language. */
export interface Teller {
  readonly guideline: Guideline;
  readonly rule: Rule;
  readonly item: Reasoned;
  readonly choices: Choices;
  readonly language: Language;
  readonly say: (zh: string, en: string) => string;
}

/** The sum that led to the due date, in the unit that the rule counts in. */
export function arithmetic(tell: Teller): string {
  const { guideline, rule, item, say } = tell;
  const { measuredFrom, due } = item;
  const period = statedPeriod(tell);
  const stated =
    period === null
      ? due
      : fromDayNumber(dayAt(measuredFrom, offsetOf(period), guideline.monthEnd === 'roll'));
  if (rule.kind !== 'recurring' && period !== null && stated < due) {
    const sum = sumText(measuredFrom, stated, period, guideline.monthEnd, say);
    return say(
      `${sum}；当时未在随访路径或未做，恢复随访当日 ${due} 到期`,
      `${sum}; not done by then or off follow-up, so due on the day follow-up goes on, ${due}`,
    );
  }
  if (measuredFrom === due) return say(`${due} 当日`, `on the day itself, ${due}`);
  return sumText(measuredFrom, due, period, guideline.monthEnd, say);
}

/** The period that a chain or finding counts, or one that shows the unit in which a grid counts; null: days. */
export function statedPeriod({ guideline, rule, item, choices }: Teller): Period | null {
  const { phase } = item;
  if (rule.kind === 'after-finding') return rule.due;
  if (rule.kind === 'chain') return chainPeriod(rule, item, guideline, choices);
  const printed = rule.phases[phase];
  if (printed === undefined) return null;
  return 'at' in printed ? shortEnd(printed.at[0]) : intervalOf(rule, phase, choices);
}

function chainPeriod(
  { id, cases }: ChainRule,
  { phase, measuredFrom, due }: Reasoned,
  { monthEnd }: Guideline,
  choices: Choices,
): Period | null {
  const found = cases[phase];
  if (found === undefined) return null;
  const interval = choices.rules?.[id]?.interval;
  if (interval !== undefined && !found.limit) return interval;
  if (typeof found.due === 'string') return found.due;
  const [first, second] = found.due;
  if (typeof first === 'string' && typeof second === 'string')
    return choices.profile === 'intensive' ? first : second;
  // Of several moments, the one that led to this day.
  const led = (after: Period): boolean =>
    fromDayNumber(dayAt(measuredFrom, offsetOf(after), monthEnd === 'roll')) === due;
  for (const moment of found.due) if (typeof moment !== 'string' && led(moment.after)) return moment.after;
  return null;
}

type Say = Teller['say'];

function sumText(
  from: CalendarDate,
  to: CalendarDate,
  unit: Period | null,
  monthEnd: MonthEnd | undefined,
  say: Say,
): string {
  const sum = (count: number, zh: string, en: string): string =>
    say(`${from} + ${count} ${zh} → ${to}`, `${from} + ${count} ${en}${count === 1 ? '' : 's'} → ${to}`);
  const days = toDayNumber(to) - toDayNumber(from);
  if (unit === null || offsetOf(unit).months === 0)
    return days % 7 === 0 ? sum(days / 7, '周', 'week') : sum(days, '天', 'day');
  const between = monthOf(to) - monthOf(from);
  const isRolled =
    monthEnd === 'roll' && fromDayNumber(dayAt(from, { months: between - 1, days: 0 }, true)) === to;
  return sum(isRolled ? between - 1 : between, '个月', 'month');
}

const monthOf = (date: CalendarDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

const UNITS: Readonly<Record<string, Text>> = {
  Y: { zh: '年', en: 'year' },
  M: { zh: '个月', en: 'month' },
  W: { zh: '周', en: 'week' },
  D: { zh: '天', en: 'day' },
};

export function periodText(period: Period, language: Language): string {
  const count = period.slice(1, -1);
  const unit = UNITS[period.slice(-1)]?.[language] ?? '';
  return language === 'zh' ? `${count}${unit}` : `${count} ${unit}${count === '1' ? '' : 's'}`;
}
