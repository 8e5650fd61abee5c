import { type CalendarDate, fromDayNumber, toDayNumber } from './calendar.js';
import type { Choices } from './choices.js';
import type { Guideline, Period, Rule } from './guideline.js';
import { dayAt, offsetOf, shortEnd } from './period.js';
import type { PlannedItem } from './slot.js';

export type Language = 'zh' | 'en';

type Reasoned = Pick<PlannedItem, 'rule' | 'phase' | 'measuredFrom' | 'due' | 'projected' | 'section'>;

/** Why the item is due when it is: rule, section, grade, the arithmetic, the range and who chose in it, the assumption. */
export function reasonFor(
  guideline: Guideline,
  item: Reasoned,
  choices: Choices,
  language: Language,
): string {
  const rule = guideline.rules.find(({ id }) => id === item.rule);
  if (!rule) return '';
  const parts = [
    source(
      rule.title[language],
      guideline.title[language],
      item.section,
      gradeText(rule, item.phase, language),
      language,
    ),
    arithmetic(rule, item, language),
    ...rangeText(rule, item.phase, choices, language),
    ...(item.projected ? [ASSUMPTION[language]] : []),
  ];
  return parts.join(language === 'zh' ? '；' : '; ') + (language === 'zh' ? '。' : '.');
}

const source = (
  rule: string,
  guideline: string,
  section: string,
  grade: string,
  language: Language,
): string =>
  language === 'zh'
    ? `${rule}：${guideline}，${section}，${grade}`
    : `${rule} (${guideline}, ${section}; ${grade})`;

const ASSUMPTION = {
  zh: '假定前一次按期完成且结果正常，实际结果会改变此日期',
  en: 'assumes that the one before is done in time and normal; its real result will change this date',
} as const;

function gradeText(rule: Rule, phase: number, language: Language): string {
  const printed =
    rule.kind === 'after-finding' ? rule : rule.kind === 'chain' ? rule.cases[phase] : rule.phases[phase];
  if (!printed?.evidence) return language === 'zh' ? '原文未标注证据级别' : 'no grade printed';
  return language === 'zh'
    ? `${printed.evidence}类证据，${printed.grade ?? ''}级推荐`
    : `evidence ${printed.evidence}, grade ${printed.grade ?? ''}`;
}

/** The sum that led to the due date, in the unit that the rule counts in. */
function arithmetic(rule: Rule, { phase, measuredFrom, due }: Reasoned, language: Language): string {
  const zh = language === 'zh';
  if (rule.kind !== 'recurring') {
    const period = rule.kind === 'chain' ? rule.cases[phase]?.due : rule.due;
    const stated = period ? fromDayNumber(dayAt(measuredFrom, offsetOf(period))) : due;
    if (stated !== due)
      return zh
        ? `${sum(measuredFrom, stated, true, language)}；当时未在随访路径或未做，恢复随访当日 ${due} 到期`
        : `${sum(measuredFrom, stated, true, language)}; not done by then or off follow-up, so due on the day follow-up goes on, ${due}`;
  }
  if (measuredFrom === due) return zh ? `${due} 当日` : `on the day itself, ${due}`;
  const every = rule.kind === 'recurring' ? rule.phases[phase]?.every : undefined;
  return sum(measuredFrom, due, every === undefined || offsetOf(shortEnd(every)).months > 0, language);
}

function sum(from: CalendarDate, to: CalendarDate, inMonths: boolean, language: Language): string {
  const months = (yearOf(to) - yearOf(from)) * 12 + monthOf(to) - monthOf(from);
  const weeks = (toDayNumber(to) - toDayNumber(from)) / 7;
  if (language === 'zh') return `${from} + ${inMonths ? `${months} 个月` : `${weeks} 周`} → ${to}`;
  const count = inMonths ? months : weeks;
  return `${from} + ${count} ${inMonths ? 'month' : 'week'}${count === 1 ? '' : 's'} → ${to}`;
}

const yearOf = (date: CalendarDate): number => Number(date.slice(0, 4));
const monthOf = (date: CalendarDate): number => Number(date.slice(5, 7));

function rangeText(rule: Rule, phase: number, { profile }: Choices, language: Language): string[] {
  if (rule.kind !== 'recurring') return [];
  const every = rule.phases[phase]?.every;
  if (every === undefined || typeof every === 'string') return [];
  const [short, long] = every.map((period) => periodText(period, language));
  const chosen = profile === 'intensive' ? short : long;
  return language === 'zh'
    ? [`原文为每${short}至${long}，按“${profile === 'intensive' ? '强化' : '最低'}”方案取${chosen}`]
    : [`the text says every ${short} to ${long}; the ${profile} profile takes ${chosen}`];
}

const UNITS = {
  zh: { Y: '年', M: '个月', W: '周', D: '天' },
  en: { Y: 'years', M: 'months', W: 'weeks', D: 'days' },
} as const;

function periodText(period: Period, language: Language): string {
  const unit = period.slice(-1) as keyof (typeof UNITS)['zh'];
  return `${period.slice(1, -1)}${language === 'zh' ? '' : ' '}${UNITS[language][unit]}`;
}
