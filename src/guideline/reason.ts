import {
  arithmetic,
  chainStart,
  periodText,
  type Reasoned,
  statedPeriod,
  type ExplanationContext,
} from './arithmetic.js';
import { BY_HAND } from './by-hand.js';
import type { CalendarDate } from './calendar.js';
import { printedBehind } from './chain.js';
import { conditionsOfRule, presentAgeIn } from './conditions.js';
import { type Choices, durationOf, intervalOf, toleranceDays } from './choices.js';
import type { ActivityCode, Guideline, Language, Period, Recommendation, Rule, Text } from './guideline.js';
import { EXAM_EVENT } from './facts.js';
import { monthsIn } from './period.js';
import { activityTitle, eventTitle } from './vocabulary.js';

/** Why an item is due on its date; each part is null where it does not apply. */
export interface Explanation extends Recommendation {
  /** The rule's title; for an item added by hand, that fact. */
  readonly rule: string;
  readonly guideline: string;
  readonly section: string;
  /** Level and grade in words, or that none is printed. */
  readonly recommendation: string;
  /** The event from which the due date was counted. */
  readonly clock: { readonly event: string; readonly date: CalendarDate } | null;
  /** The sum: `2024-01-31 + 3 months → 2024-04-30`. */
  readonly arithmetic: string;
  /** The text's range, and who chose which value in it. */
  readonly range: string | null;
  /** The decision for this rule, by whom and why. */
  readonly decision: string | null;
  /** Where the window around the due date comes from: the text, or the hospital's policy. */
  readonly window: string;
  /** Whether the dates are fixed on a grid or counted from the last exam. */
  readonly anchor: string;
  readonly covers: string | null;
  /** The dates of other rules that the same exam answers. */
  readonly alsoFor: string | null;
  readonly assumption: string | null;
  /** What would change the date. */
  readonly wouldChange: readonly string[];
  readonly interpretation: string | null;
  /** Warnings about the guideline. */
  readonly caution: string | null;
}

const BY_HAND_TITLE: Text = { zh: '医生另加的检查', en: 'Added by a clinician' };

/** The section, evidence and grade behind one phase of a rule; empty for a rule that is not in this guideline. */
export function recommendationOf(
  guideline: Guideline,
  ruleId: string,
  phase: number,
): Recommendation & { readonly section: string } {
  const rule = ruleOf(guideline, ruleId);
  const printed = rule && printedBehind(rule, phase);
  return {
    section: rule?.section ?? '',
    evidence: printed?.evidence ?? null,
    grade: printed?.grade ?? null,
  };
}

/** Why the item is due on its date, in one paragraph. */
export function reasonFor(
  guideline: Guideline,
  item: Reasoned,
  choices: Choices,
  language: Language,
): string {
  const explained = explanationOf(guideline, item, choices, language);
  const zh = language === 'zh';
  const { rule, section, recommendation, arithmetic, range, decision, assumption, wouldChange } = explained;
  const source = zh
    ? `${rule}：${explained.guideline}，${section}，${recommendation}`
    : `${rule} (${explained.guideline}, ${section}; ${recommendation})`;
  const from =
    explained.clock === null ? arithmetic : `${explained.clock.event}${zh ? '' : ' '}${arithmetic}`;
  const change =
    wouldChange.length === 0
      ? null
      : `${zh ? '会改变它的：' : 'would change it: '}${wouldChange.join(zh ? '、' : ', ')}`;
  return (
    [
      section === '' ? rule : source,
      from,
      range,
      decision,
      explained.window,
      explained.covers,
      explained.alsoFor,
      assumption,
      change,
    ]
      .filter((part) => part !== null)
      .join(zh ? '；' : '; ') + (zh ? '。' : '.')
  );
}

/** Why the item is due on its date, part by part (planning rules, section 6). */
export function explanationOf(
  guideline: Guideline,
  item: Reasoned,
  choices: Choices,
  language: Language,
): Explanation {
  const rule = ruleOf(guideline, item.rule);
  const say = (zh: string, en: string): string => (language === 'zh' ? zh : en);
  if (!rule) return byHand(guideline, item, choices, language);
  const { evidence, grade, section } = recommendationOf(guideline, rule.id, item.phase);
  const context: ExplanationContext = { guideline, rule, item, choices, language, say };
  return {
    rule: rule.title[language],
    guideline: guideline.title[language],
    section,
    evidence,
    grade,
    recommendation:
      evidence === null
        ? say('原文未标注证据级别', 'no grade printed')
        : say(`${evidence}类证据，${grade ?? ''}级推荐`, `evidence ${evidence}, grade ${grade ?? ''}`),
    clock: { event: clockTitle(context), date: item.measuredFrom },
    arithmetic: arithmetic(context),
    range: rangesText(context),
    decision: decisionText(context),
    window: windowText(context),
    anchor: anchorText(context),
    covers: coversText(context),
    alsoFor: alsoForText(context),
    assumption: item.projected
      ? say(
          '假定前一次按期完成且结果正常，实际结果会改变此日期',
          'assumes that the one before is done in time and normal; its real result will change this date',
        )
      : null,
    wouldChange: changes(context),
    interpretation: rule.interpretation[language],
    caution: guideline.caution?.[language] ?? null,
  };
}

const ruleOf = ({ rules }: Guideline, ruleId: string): Rule | undefined =>
  rules.find(({ id }) => id === ruleId);

const isFromClock = ({ id }: Rule, { key, measuredFrom }: Reasoned): boolean =>
  key.startsWith(`${id}@${measuredFrom}#`);

/** The start of the date: the pathway's clock, the last exam, or the finding. */
function clockTitle(context: ExplanationContext): string {
  const { guideline, rule, item, language, say } = context;
  switch (rule.kind) {
    case 'recurring': {
      if (rule.anchor === 'rolling' && !item.key.endsWith('#1') && !isFromClock(rule, item))
        return say('上一次检查', 'last one done');
      const clock = rule.countedFrom ?? guideline.pathways.find(({ id }) => id === rule.pathway)?.clock;
      return eventTitle(clock?.event ?? '', guideline)[language];
    }
    case 'chain': {
      if (isFromClock(rule, item)) return eventTitle(rule.clock.event, guideline)[language];
      const start = chainStart(rule, context);
      if (start === 'birth') return eventTitle(start, guideline)[language];
      if (typeof start === 'string') return say('上一次检查', 'last one done');
      return say(`第${start.counted}次计入的检查`, `counted examination ${start.counted}`);
    }
    case 'after-finding':
      return rule.after.event === EXAM_EVENT
        ? say('该次检查的发现', 'finding')
        : eventTitle(rule.after.event, guideline)[language];
  }
}

function anchorText({ rule, say }: ExplanationContext): string {
  if (rule.kind === 'after-finding') return say('一次，自该事件之日计', 'once, counted from the event');
  return rule.kind === 'recurring' && rule.anchor === 'grid'
    ? say(
        '固定时点：自起算日计，不随实际检查日移动',
        'grid: counted from the clock, whenever it was really done',
      )
    : say('滚动：自上一次实际完成之日计', 'rolling: counted from what was really done last');
}

/** The range printed for the item's phase or case, if there is one. */
function printedRange(rule: Rule, phase: number): readonly [Period, Period] | null {
  const printed =
    rule.kind === 'recurring' ? rule.phases[phase] : rule.kind === 'chain' ? rule.cases[phase] : undefined;
  if (printed === undefined || 'at' in printed) return null;
  const value = 'every' in printed ? printed.every : printed.due;
  if (typeof value === 'string') return null;
  const [short, long] = value;
  return typeof short === 'string' && typeof long === 'string' ? [short, long] : null;
}

/** The ranges that determine the date: the interval's, and the durations of the phases until then. */
function rangesText(context: ExplanationContext): string | null {
  const texts = [rangeText(context), ...durationTexts(context)].filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join(context.say('；', '; '));
}

function durationTexts({ rule, item, choices, language, say }: ExplanationContext): string[] {
  if (rule.kind !== 'recurring') return [];
  return rule.phases.slice(0, item.phase + 1).flatMap((phase, index) => {
    if ('at' in phase || phase.until === undefined || typeof phase.until === 'string') return [];
    const [short, long] = phase.until.map((period) => periodText(period, language));
    const taken = durationOf(rule, index, choices);
    const printed = say(`原文为持续${short}至${long}`, `the text says for ${short} to ${long}`);
    return [
      taken === null
        ? printed
        : say(
            `${printed}，取${periodText(taken, language)}`,
            `${printed}, ${periodText(taken, language)} taken`,
          ),
    ];
  });
}

function rangeText(context: ExplanationContext): string | null {
  const { rule, item, choices, language, say } = context;
  const range = printedRange(rule, item.phase);
  if (range === null) return null;
  const [short, long] = range.map((period) => periodText(period, language));
  const chosen = rule.kind === 'recurring' ? intervalOf(rule, item.phase, choices) : statedPeriod(context);
  const taken = chosen === null ? '' : periodText(chosen, language);
  const printed = say(`原文为每${short}至${long}`, `the text says every ${short} to ${long}`);
  if (decidedInterval(rule, item.phase, choices) !== undefined) return printed;
  return choices.profile === 'intensive'
    ? say(`${printed}，按“强化”方案取${taken}`, `${printed}; the intensive profile takes ${taken}`)
    : say(`${printed}，按“最低”方案取${taken}`, `${printed}; the minimal profile takes ${taken}`);
}

const decidedInterval = ({ id }: Rule, phase: number, { rules }: Choices): Period | undefined =>
  rules?.[id]?.phases?.[phase]?.every ?? rules?.[id]?.interval;

function decisionText({ rule, item, choices, language, say }: ExplanationContext): string | null {
  const choice = choices.rules?.[rule.id];
  const interval = decidedInterval(rule, item.phase, choices);
  if (choice === undefined || interval === undefined) return null;
  const taken = periodText(interval, language);
  const { by, author = '', reason } = choice.phases?.[item.phase]?.decided ?? choice;
  const who =
    by === 'hospital'
      ? say('本院政策', 'hospital policy')
      : say(`医生${author}`, `clinician ${author}`.trim());
  const why = reason === undefined ? '' : say(`（${reason}）`, ` (${reason})`);
  const decided = say(`${who}决定每${taken}${why}`, `${who} decided every ${taken}${why}`);
  return item.deviates ? say(`${decided}，超出指南范围`, `${decided}, outside the guideline`) : decided;
}

function isNeverLate(rule: Rule, phase: number): boolean {
  if (rule.kind === 'chain') return rule.cases[phase]?.latest === 'never';
  return (rule.kind === 'recurring' ? rule.phases[phase] : rule)?.neverLate === true;
}

function windowText(context: ExplanationContext): string {
  const { rule, item, choices, say } = context;
  const printed =
    rule.kind === 'recurring'
      ? rule.phases[item.phase]
      : rule.kind === 'chain'
        ? rule.cases[item.phase]
        : undefined;
  if (isNeverLate(rule, item.phase))
    return say('原文未规定期限，永不逾期', 'the text names no last day: never late');
  const decided =
    decidedInterval(rule, item.phase, choices) !== undefined && printedRange(rule, item.phase) === null;
  if (printed !== undefined && !decided) {
    if (printed.limit) return say('原文为期限，次日即逾期', 'the text sets a limit: the day after is late');
    if (('window' in printed && printed.window) || ('latest' in printed && printed.latest))
      return say('时间窗由原文规定', 'the window is given by the text');
    if (printedRange(rule, item.phase) !== null)
      return say(
        '距上次完成超过范围长端才算逾期',
        'late once the long end of the range has passed since the last one done',
      );
  }
  const period = statedPeriod(context);
  const days = toleranceDays(period === null ? 0 : monthsIn(period), choices);
  return say(
    `前后${days}天的宽限为本院政策，非指南内容`,
    `${days} days either side are hospital policy, not guideline`,
  );
}

function coversText({ guideline, item, language, say }: ExplanationContext): string | null {
  if (item.covers.length === 0) return null;
  const titles = item.covers.map((activity: ActivityCode) => activityTitle(activity, guideline)[language]);
  return say(`涵盖同日的${titles.join('、')}`, `covers the ${titles.join(' and the ')} due the same day`);
}

function alsoForText({
  guideline,
  item,
  say,
}: Pick<ExplanationContext, 'guideline' | 'item' | 'say'>): string | null {
  if (item.alsoFor.length === 0) return null;
  const dates = item.alsoFor.map((entry) => {
    const [ruleId = '', due = ''] = entry.split('@');
    const title = ruleOf(guideline, ruleId)?.title ?? BY_HAND_TITLE;
    return say(`${title.zh}（${due}到期）`, `${title.en} (due ${due})`);
  });
  return say(
    `同一次检查也回答：${dates.join('、')}`,
    `the same examination also answers: ${dates.join(', ')}`,
  );
}

function changes(context: ExplanationContext): string[] {
  const { guideline, rule, choices, language, say } = context;
  const clock = clockTitle(context);
  const list = [say(`更正日期（${clock}）`, `a corrected date (${clock})`)];
  if (rule.kind === 'chain')
    list.push(say('上一次或下一次检查的结果', 'the result of the last or the next examination'));
  if (rule.kind === 'after-finding') list.push(say('撤销该发现', 'the finding being taken back'));
  if (conditionsOfRule(rule).some((condition) => presentAgeIn(condition) !== undefined))
    list.push(say('患者满某一岁数的生日', 'a birthday that the rule names'));
  if (rangesText(context) !== null) list.push(say('在范围内另选间隔', 'another choice within the range'));
  const pathways = rule.kind === 'recurring' ? [rule.pathway] : rule.pathways;
  const ends = endingEvents(guideline, pathways).map((type) => eventTitle(type, guideline)[language]);
  if (ends.length > 0)
    list.push(
      say(`结束随访路径的事件（${ends.join('、')}）`, `an event that ends the pathway (${ends.join(', ')})`),
    );
  if (choices.rules?.[rule.id] !== undefined) list.push(say('撤销该决定', 'the decision being revoked'));
  return list;
}

const endingEvents = ({ pathways }: Guideline, ids: readonly string[]): string[] => [
  ...new Set(pathways.filter(({ id }) => ids.includes(id)).flatMap(({ endedBy }) => endedBy)),
];

/** An item that belongs to no rule. */
function byHand(guideline: Guideline, item: Reasoned, choices: Choices, language: Language): Explanation {
  const zh = language === 'zh';
  const added = choices.added?.find(({ id }) => item.key === `${BY_HAND}@${item.due}#${id}`);
  const tolerance = toleranceDays(0, choices);
  return {
    rule: BY_HAND_TITLE[language],
    guideline: guideline.title[language],
    section: '',
    evidence: null,
    grade: null,
    recommendation: zh ? '非指南内容' : 'not from the guideline',
    clock: null,
    arithmetic: item.due,
    range: null,
    decision: added ? `${added.author ?? ''}${zh ? '：' : ': '}${added.reason ?? ''}` : null,
    window: zh
      ? `前后${tolerance}天的宽限为本院政策，非指南内容`
      : `${tolerance} days either side are hospital policy, not guideline`,
    anchor: zh ? '固定日期' : 'a fixed date',
    covers: null,
    alsoFor: alsoForText({
      guideline,
      item,
      say: (inChinese, inEnglish) => (zh ? inChinese : inEnglish),
    }),
    assumption: null,
    wouldChange: [zh ? '撤销该决定' : 'the decision being revoked'],
    interpretation: null,
    caution: null,
  };
}
