import type { Guideline, Rule } from '../calls/guidelines.js';
import type { Translated } from '../words/dictionary.js';
import { textOf } from '../words/dictionary.js';
import { partsOf } from './period.js';
import type { ruleWords } from './rule-words.js';

type RecurringRule = Extract<Rule, { kind: 'recurring' }>;
type ChainRule = Extract<Rule, { kind: 'chain' }>;
type AfterFindingRule = Extract<Rule, { kind: 'after-finding' }>;
type Phase = RecurringRule['phases'][number];
type ChainCase = ChainRule['cases'][number];
type Condition = NonNullable<Rule['given']>[number];
export type Pattern = Guideline['pathways'][number]['clock'];
type Moments = Exclude<ChainCase['due'], string | readonly [string, string]>;

/** The names of a guideline in the language of the reader. */
export interface Names {
  readonly activity: (code: string) => string;
  readonly event: (type: string) => string;
  readonly field: (type: string, field: string) => string;
  readonly value: (type: string, field: string, value: string) => string;
}

/** One line of a schedule, and what is printed behind it. */
export interface ScheduleLine {
  readonly text: string;
  readonly evidence: string | null;
  readonly grade: string | null;
}

/** Puts the rules of a guideline into words. */
export class RuleText {
  constructor(
    private readonly words: Translated<(typeof ruleWords)['zh']>,
    private readonly names: Names,
  ) {}

  /** When the rule asks for its examination: a line for each phase or case. */
  schedule(rule: Rule): readonly ScheduleLine[] {
    switch (rule.kind) {
      case 'recurring':
        return rule.phases.map((phase) => ({ ...printed(phase), text: this.phase(phase) }));
      case 'chain':
        return rule.cases.map((one) => ({ ...printed(one), text: this.chainCase(rule, one) }));
      case 'after-finding':
        return [{ ...printed(rule), text: this.afterFinding(rule) }];
    }
  }

  /** What narrows the rule, or what else is to be known about it. */
  limits(rule: Rule): readonly string[] {
    const { words } = this;
    const limits = [
      ...(rule.given ? [words.onlyWhen(rule.given.map((one) => this.condition(one)).join(words.and))] : []),
      ...(rule.untilAge === undefined ? [] : [words.untilAge(rule.untilAge)]),
    ];
    return rule.kind === 'recurring' ? [...limits, ...this.recurringLimits(rule)] : limits;
  }

  activityName(code: string): string {
    return this.names.activity(code);
  }

  activities({ activity }: Rule): string {
    const codes = typeof activity === 'string' ? [activity] : activity;
    return codes.map((code) => this.names.activity(code)).join(' / ');
  }

  pattern({ event, where }: Pattern): string {
    const { words, names } = this;
    const name = textOf(words.origins, event);
    const title = name === event ? names.event(event) : name;
    if (where === undefined) return title;
    const values = Object.entries(where).map(([field, allowed]) =>
      words.value(names.field(event, field), this.values(event, field, allowed)),
    );
    return words.pattern(title, values.join(words.and));
  }

  range(range: string | readonly [string, string]): string {
    const { words } = this;
    if (typeof range === 'string') return words.period(partsOf(range));
    const [short, long] = range.map(partsOf);
    if (short === undefined || long === undefined) return '';
    const [[count, unit] = [0, 'D']] = short;
    const isOneUnit = short.length === 1 && long.length === 1 && long[0]?.[1] === unit;
    return isOneUnit
      ? words.spread(count, words.period(long))
      : words.range(words.period(short), words.period(long));
  }

  private values(event: string, field: string, values: readonly string[]): string {
    return values.map((value) => this.names.value(event, field, value)).join(this.words.list);
  }

  private recurringLimits(rule: RecurringRule): string[] {
    const { words, names } = this;
    const { anchor, countedFrom, where, liverImaging, satisfiedBy } = rule;
    const values = where && Object.entries(where).map(([field, allowed]) => this.clockValue(field, allowed));
    return [
      ...(anchor === 'rolling' ? [words.rolling] : []),
      ...(countedFrom ? [words.countedFrom(this.pattern(countedFrom))] : []),
      ...(values ? [words.onlyWhen(values.join(words.and))] : []),
      ...(liverImaging ? [words.onlyLiver(words.liver[liverImaging])] : []),
      ...(satisfiedBy ? [words.satisfiedBy(satisfiedBy.map(names.activity).join(words.list))] : []),
    ];
  }

  /** A field of the event that starts the pathway. */
  private clockValue(field: string, values: readonly string[]): string {
    return this.words.value(this.names.field('', field), this.values('', field, values));
  }

  private phase(phase: Phase): string {
    const { words } = this;
    const { window, limit, neverLate } = phase;
    const around = window && words.window(this.range(window.before), this.range(window.after));
    const more = [
      ...(around ? [around] : []),
      ...(limit ? [words.limit] : []),
      ...(neverLate ? [words.neverLate] : []),
    ];
    if ('at' in phase)
      return [words.listed(phase.at.map((time) => this.range(time)).join(words.list)), ...more].join(
        words.and,
      );
    const { every, from, until } = phase;
    const span = [
      every === 'clinician' ? words.everyOpen : words.every(this.range(every)),
      ...(from === undefined ? [] : [words.from(this.range(from))]),
      until === undefined ? words.withoutEnd : words.until(this.range(until)),
    ];
    return [span.join(words.list), ...more].join(words.and);
  }

  private chainCase(rule: ChainRule, one: ChainCase): string {
    const { words } = this;
    const due = isMoments(one.due) ? this.moments(one.due) : this.since(one.from, this.range(one.due));
    const more = [
      ...(one.untilAge === undefined ? [] : [words.untilAge(one.untilAge)]),
      ...(one.limit ? [words.limit] : []),
      ...(one.latest === 'never' ? [words.neverLate] : []),
    ];
    return [words.caseOf(this.when(rule, one.when), due), ...more].join(words.and);
  }

  private when({ clock: clockPattern, counts }: ChainRule, when: ChainCase['when']): string {
    const { words } = this;
    const { none, count, clock = {}, last, noneSince, given = [] } = when;
    const parts = [
      ...(none ? [words.none] : []),
      ...(count === undefined ? [] : [words.count(count)]),
      ...Object.entries(clock).map(([field, values]) =>
        words.value(
          this.names.field(clockPattern.event, field),
          this.values(clockPattern.event, field, values),
        ),
      ),
      ...(last ? [words.last(this.values(counts.event, counts.field ?? '', last))] : []),
      ...(noneSince === undefined ? [] : [words.noneSince(this.range(noneSince))]),
      ...given.map((condition) => this.condition(condition)),
    ];
    return parts.length === 0 ? words.otherwise : parts.join(words.list);
  }

  private since(from: ChainCase['from'] | 'birth', due: string): string {
    const { words } = this;
    if (from === 'clock') return words.afterClock(due);
    if (from === 'last') return words.afterLast(due);
    return from === 'birth' ? words.afterBirth(due) : words.afterCounted(from.counted, due);
  }

  private moments(moments: Moments): string {
    const { words } = this;
    const texts = moments.map((one) =>
      'anyOf' in one
        ? words.earliestOf(
            one.anyOf.map(({ from, after }) => this.since(from, this.range(after))).join(words.list),
          )
        : this.since(one.from, this.range(one.after)),
    );
    return texts.length === 1 ? (texts[0] ?? '') : words.latestOf(texts.join(words.list));
  }

  private afterFinding({ after, due }: AfterFindingRule): string {
    const event = this.pattern(after);
    const isSameDay = partsOf(due).every(([count]) => count === 0);
    return isSameDay ? this.words.sameDay(event) : this.words.after(event, this.range(due));
  }

  private condition(condition: Condition): string {
    const { words } = this;
    if ('not' in condition) return words.not(this.condition(condition.not));
    if ('onsetBefore' in condition) return words.onsetBefore(condition.onsetBefore);
    if ('ageBelow' in condition) return words.ageBelow(condition.ageBelow);
    if ('ageFrom' in condition) return words.ageFrom(condition.ageFrom);
    return 'recorded' in condition
      ? words.recorded(this.pattern(condition.recorded))
      : words.neverRecorded(this.pattern(condition.neverRecorded));
  }
}

const printed = ({ evidence, grade }: { evidence: string | null; grade: string | null }) => ({
  evidence,
  grade,
});

const isMoments = (due: ChainCase['due']): due is Moments =>
  typeof due !== 'string' && typeof due[0] === 'object';
