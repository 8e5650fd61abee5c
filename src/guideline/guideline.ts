import type { ActivityCode, ClinicalEventType } from './facts.js';

/** The same sentence for Chinese and for English readers. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** An ISO 8601 duration in one unit: years, months, weeks or days (`P3M`, `P6W`). */
export type Period = `P${number}${'Y' | 'M' | 'W' | 'D'}`;

/** One value, or the text's range: short end, long end, both allowed. */
export type PeriodOrRange = Period | readonly [Period, Period];

/** Level of evidence and grade of recommendation as printed behind the sentence; null where none is. */
export interface Recommendation {
  readonly evidence: string | null;
  readonly grade: string | null;
}

/** Which events are meant: a type and, for some of its fields, the values that count. */
export interface EventPattern {
  readonly event: ClinicalEventType;
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

/** A stretch of follow-up that one event starts and another ends. */
export interface Pathway {
  readonly id: string;
  readonly section: string;
  readonly title: Text;
  /** Each matching event starts a new run; month and week counts begin on its date. */
  readonly clock: EventPattern;
  /** The run ends with the first of these that follows the clock, or with the next clock. */
  readonly endedBy: readonly ClinicalEventType[];
}

interface RuleBase {
  readonly id: string;
  readonly activity: ActivityCode;
  readonly section: string;
  readonly title: Text;
  /** How the text was read where it can be read in several ways. Shown to users. */
  readonly interpretation: Text;
}

/** A stretch of equal intervals. `until` is counted from the clock and included; without it the phase has no end. */
export interface Phase extends Recommendation {
  readonly every: PeriodOrRange;
  readonly until?: PeriodOrRange;
}

/** An examination repeated on a grid of fixed dates from the clock. */
export interface RecurringRule extends RuleBase {
  readonly kind: 'recurring';
  readonly anchor: 'grid';
  readonly pathway: string;
  /** Values the clock's event must have in these fields; without it every run has the rule. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Only for patients whose liver is imaged this way. */
  readonly liverImaging?: LiverImaging;
  readonly phases: readonly [Phase, ...Phase[]];
}

/** One case of a chain; the first whose condition holds says when the next examination is due. */
export interface ChainCase extends Recommendation {
  readonly when: {
    /** True: no counted examination yet. */
    readonly none?: true;
    /** Values in the clock event's fields. */
    readonly clock?: Readonly<Record<string, readonly string[]>>;
    /** Results of the last counted examination. */
    readonly last?: readonly string[];
    /** True when no counted examination lies on or after this time from the clock. */
    readonly noneSince?: Period;
  };
  readonly from: 'clock' | 'last';
  readonly due: Period;
  /** From `from`. Given or implied only for a limit: done earlier, it counts all the same. */
  readonly earliest?: Period;
  /** The text sets a limit ("within"): the day after `due` is late, whatever the tolerance. */
  readonly limit: boolean;
}

/** An examination whose next date depends on what the last ones found. */
export interface ChainRule extends RuleBase {
  readonly kind: 'chain';
  readonly anchor: 'rolling';
  readonly clock: EventPattern;
  /** Due only while the patient is on one of these; what falls due between is due on return. */
  readonly pathways: readonly string[];
  /** The field of the examination's event that holds its result, and the results that count. */
  readonly counts: {
    readonly event: ClinicalEventType;
    readonly field: string;
    readonly results: readonly string[];
  };
  /** The result assumed for steps that lie ahead. */
  readonly assumed: string;
  readonly cases: readonly ChainCase[];
}

/** An examination due once, because another one found something. */
export interface AfterFindingRule extends RuleBase, Recommendation {
  readonly kind: 'after-finding';
  readonly pathways: readonly string[];
  readonly activities: readonly ActivityCode[];
  readonly outcomes: readonly string[];
  /** Time from the finding; `P0D` is the same day. */
  readonly due: Period;
}

export type Rule = RecurringRule | ChainRule | AfterFindingRule;

/** A condition under which the text leaves an interval to the clinician. */
export interface FlagRule {
  readonly code: string;
  readonly message: Text;
  readonly when:
    | { readonly onsetBefore: number }
    | { readonly recorded: EventPattern }
    | { readonly running: string; readonly where: Readonly<Record<string, readonly string[]>> }
    | { readonly running: string; readonly liverImaging: LiverImaging }
    | { readonly running: string; readonly neverRecorded: ClinicalEventType };
}

/** One published version of a recommendation as data. Never changes once published: a correction is a new version. */
export interface Guideline {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly source: string;
  readonly pathways: readonly Pathway[];
  readonly rules: readonly Rule[];
  /** An examination that includes another: done or due the same day, it stands for both. */
  readonly covers: Readonly<Partial<Record<ActivityCode, readonly ActivityCode[]>>>;
  readonly flags: readonly FlagRule[];
}

export type Profile = 'intensive' | 'minimal';
export type LiverImaging = 'ct' | 'mri';
