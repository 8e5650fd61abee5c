/** The same sentence for Chinese and English readers. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export type Language = keyof Text;

type Part<Unit extends string> = '' | `${number}${Unit}`;

/**
 * An ISO 8601 duration of years, months, weeks and days (`P3M`, `P6W`). The parts are added up, and each may have a
 * sign (ISO 8601-2): `P19M4W-1D`.
 */
export type Period = Exclude<`P${Part<'Y'>}${Part<'M'>}${Part<'W'>}${Part<'D'>}`, 'P'>;

/** One value, or the text's range: short end, long end, both included. */
export type PeriodOrRange = Period | readonly [Period, Period];

/** A kind of examination: a known one (`ACTIVITIES`), or one that the guideline declares. */
export type ActivityCode = string;

/** Level of evidence and grade of recommendation as printed behind the sentence; null where none is printed. */
export interface Recommendation {
  readonly evidence: string | null;
  readonly grade: string | null;
}

/** Fields of an event, with the matching values of each. */
export type Values = Readonly<Record<string, readonly string[]>>;

/**
 * Selects events: a type and, for some of its fields, the matching values. In addition to the recorded events, every
 * patient has one `birth` and one `diagnosis`.
 */
export interface EventPattern {
  readonly event: string;
  readonly where?: Values;
}

/** A condition on the patient, or its negation. Ages are in whole years. */
export type Condition = PlainCondition | { readonly not: PlainCondition };

export type PlainCondition =
  /** Age at diagnosis. */
  | { readonly onsetBefore: number }
  /** Age on the day of planning. */
  | { readonly ageBelow: number }
  | { readonly ageFrom: number }
  | { readonly recorded: EventPattern }
  | { readonly neverRecorded: EventPattern };

/** A period of follow-up that one event starts and another ends. */
export interface Pathway {
  readonly id: string;
  readonly section: string;
  readonly title: Text;
  /** Each matching event starts a new run; months and weeks are counted from its date. */
  readonly clock: EventPattern;
  /** Types of events. The run ends with the first of them after the clock, or with the next clock. */
  readonly endedBy: readonly string[];
}

interface RuleBase {
  readonly id: string;
  /** The activity of the item. Several take turns, one grid date each. */
  readonly activity: ActivityCode | readonly [ActivityCode, ActivityCode, ...ActivityCode[]];
  readonly section: string;
  readonly title: Text;
  /** How the text was read where it is ambiguous. Shown to users. */
  readonly interpretation: Text;
  /** All of these must hold, or the rule plans no items. */
  readonly given?: readonly Condition[];
  /** The rule plans no items from this birthday on. */
  readonly untilAge?: number;
}

interface PhaseBase extends Recommendation {
  /** Days around the due date that the text itself allows; without it the hospital's tolerance applies. */
  readonly window?: { readonly before: Period; readonly after: Period };
  /** The text sets a limit ("within"): the day after the due date is late, whatever the tolerance. */
  readonly limit?: true;
  /** The text names no last day: the item stays open and is never late, whatever the tolerance. */
  readonly neverLate?: true;
}

/** A sequence of equal intervals. */
export interface RepeatingPhase extends PhaseBase {
  /** `clinician`: the text gives no interval, so no items are planned until a clinician has decided. */
  readonly every: PeriodOrRange | 'clinician';
  /** The first date, from the clock; without it one interval after the previous phase. */
  readonly from?: Period;
  /** Counted from the clock and included; without it the phase has no end. */
  readonly until?: PeriodOrRange;
}

/** Single dates, each counted from the clock. */
export interface ListedPhase extends PhaseBase {
  readonly at: readonly [PeriodOrRange, ...PeriodOrRange[]];
}

export type Phase = RepeatingPhase | ListedPhase;

/** An activity repeated at intervals. */
export interface RecurringRule extends RuleBase {
  readonly kind: 'recurring';
  /**
   * `grid`: at fixed times from the clock, whatever the dates of the exams; `rolling`: an interval after the last
   * exam.
   */
  readonly anchor: 'grid' | 'rolling';
  readonly pathway: string;
  /** Required values in the fields of the clock's event; without it the rule applies to every run. */
  readonly where?: Values;
  /** Only for patients whose liver is imaged with this method. */
  readonly liverImaging?: LiverImaging;
  /**
   * Counted from this event instead of the pathway's clock: the last one on or before the run's start, else the first
   * one within the run. Without such an event no items are planned.
   */
  readonly countedFrom?: EventPattern;
  /** Other activities that also satisfy a date. The use of one is an allowed change of method, and flagged. */
  readonly satisfiedBy?: readonly ActivityCode[];
  readonly phases: readonly [Phase, ...Phase[]];
}

/** The n-th counted exam of a chain; 1 is the first. */
export interface CountedStep {
  readonly counted: number;
}

/** A time counted from one of the dates of a chain; `last` is the last exam, or the clock. */
export interface Moment {
  readonly from: 'clock' | 'last' | 'birth' | CountedStep;
  readonly after: Period;
}

/** The earliest of several moments. */
export interface AnyOf {
  readonly anyOf: readonly [Moment, ...Moment[]];
}

/** The latest of these moments counts. */
export type Moments = readonly [Moment | AnyOf, ...(Moment | AnyOf)[]];

/** A time from the case's own `from`, or the latest of several moments. */
export type PeriodOrMoments = Period | Moments;

/** One case of a chain. The first case whose condition holds determines when the next exam is due. */
export interface ChainCase extends Recommendation {
  readonly when: {
    /** True: no counted exam yet. */
    readonly none?: true;
    /** Exactly this many counted exams so far. */
    readonly count?: number;
    /** Values in the clock event's fields. */
    readonly clock?: Values;
    /** Results of the last counted exam. */
    readonly last?: readonly string[];
    /** True when no counted exam lies on or after this time from the clock. */
    readonly noneSince?: Period;
    /** All of these hold. */
    readonly given?: readonly Condition[];
  };
  /** This case plans no items from this birthday on; later cases are tried. */
  readonly untilAge?: number;
  /** A case that counts from the n-th counted exam does not apply before there is one. */
  readonly from: 'clock' | 'last' | CountedStep;
  /** A range is a window: due at its short or long end by the profile, late after the long one. */
  readonly due: PeriodOrRange | Moments;
  /** Without it: for a limit, `from` itself; else the tolerance before the due date. */
  readonly earliest?: PeriodOrMoments;
  /** An earlier exam with the expected result does not count and must be repeated; replaces `repeatIfEarlierBy`. */
  readonly countsFrom?: PeriodOrMoments;
  /**
   * The last day that is on time, or `never` late; without it for a limit the due date, else the tolerance after it.
   */
  readonly latest?: PeriodOrMoments | 'never';
  /** The text sets a limit ("within"): the day after `due` is late, whatever the tolerance. */
  readonly limit: boolean;
}

/** An activity whose next date depends on the results of the last exams. */
export interface ChainRule extends RuleBase {
  readonly kind: 'chain';
  readonly anchor: 'rolling';
  readonly clock: EventPattern;
  /**
   * Due only while the patient is on one of these pathways; an item that falls due in between is due when one
   * resumes.
   */
  readonly pathways: readonly string[];
  /** The events that are steps of the chain; `field` contains the result, and only `results` count. */
  readonly counts: EventPattern & { readonly field?: string; readonly results?: readonly string[] };
  /** The result assumed for future steps. */
  readonly assumed?: string;
  /**
   * An exam earlier than this before `earliest` does not count and must be repeated. The repetition is counted from
   * it.
   */
  readonly repeatIfEarlierBy?: Period;
  readonly cases: readonly ChainCase[];
}

/** An item due once after an event: another exam's finding, a report, a decision. */
export interface AfterFindingRule extends RuleBase, Recommendation {
  readonly kind: 'after-finding';
  readonly pathways: readonly string[];
  readonly after: EventPattern;
  /** Time from the event; `P0D` is the same day. */
  readonly due: Period;
  /** The item stays open and is never late, whatever the tolerance. */
  readonly neverLate?: true;
}

export type Rule = RecurringRule | ChainRule | AfterFindingRule;

/** A condition under which the text leaves a decision to the clinician, or a clinician should know something. */
export interface FlagRule {
  readonly code: string;
  readonly message: Text;
  readonly when:
    | Condition
    | { readonly running: string; readonly where: Values }
    | { readonly running: string; readonly liverImaging: LiverImaging }
    | { readonly running: string; readonly neverRecorded: EventPattern }
    /** A date of one of these rules was satisfied by another activity than the planned one. */
    | { readonly otherMethodFor: readonly string[] };
  /** No flag after a clinician has chosen an interval for each of these rules. */
  readonly settledBy?: readonly string[];
}

/** An activity that the text excludes as a routine: it is never planned, nor added by hand. */
export interface NotRoutine {
  readonly activities: readonly ActivityCode[];
  readonly section: string;
  /** The text's own sentence. */
  readonly sentence: Text;
}

/** An activity or an event type that the program does not know and the guideline declares. */
export interface Declared {
  readonly title: Text;
}

/** An activity, the possible outcomes of its exams, and how they are recorded. */
export interface ActivityDeclaration extends Declared {
  /** The outcomes, the expected one first; default: normal, suspicious or inconclusive. */
  readonly outcomes?: readonly [string, ...string[]];
  /** The next date depends on the outcome. Then an exam cannot be recorded without one. */
  readonly determinesNextDate?: true;
  /** An exam with one of these outcomes counts as not done. */
  readonly notDone?: readonly string[];
  /** The event type that records an exam, and its field for the outcome; default: `exam` and `outcome`. */
  readonly recordedAs?: { readonly event: string; readonly field: string };
}

/** Comparators before a value: a laboratory reports `<0.5` below and `>1000` above its measuring range. */
export type Comparator = '<' | '<=' | '>' | '>=';

/** A quantity that an exam measures. All numbers are in `unit`. */
export interface Measurement {
  readonly code: string;
  readonly title: Text;
  /** The UCUM unit in which values are stored and compared. */
  readonly unit: string;
  /** Other units, each with the power of ten that converts it exactly: value in `unit` = value × 10^power. */
  readonly otherUnits?: Readonly<Record<string, number>>;
  /** Values outside this range are typing errors; no laboratory reports them. Both ends included. */
  readonly plausible: Span;
  /** Default: all. */
  readonly comparators?: readonly Comparator[];
  /** The largest normal value. */
  readonly referenceLimit: Span & {
    /** Where neither the laboratory nor the hospital gives one. */
    readonly default: number;
  };
  /** The source of these numbers. Shown to users. */
  readonly basis: Text;
}

/** From the smallest to the largest, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * One published version of a recommendation as data. A published version never changes: a correction is a new
 * version.
 */
export interface Guideline {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly sources: readonly string[];
  /** Warnings for the reader, such as that only a secondary source was read. */
  readonly caution?: Text;
  /**
   * Month arithmetic into a shorter month: its last day (`clamp`, the default), or the first of the next (`roll`).
   */
  readonly monthEnd?: MonthEnd;
  /** Activities in addition to the known ones. */
  readonly activities?: Readonly<Record<string, ActivityDeclaration>>;
  /** Event types in addition to the known ones, or additional fields of those, each with its values. */
  readonly events?: Readonly<Record<string, { readonly title?: Text; readonly fields?: Values }>>;
  /** The measurements of exams, by activity, in addition to the known ones (`MEASUREMENTS`). */
  readonly measurements?: Readonly<Record<ActivityCode, readonly Measurement[]>>;
  readonly pathways: readonly Pathway[];
  readonly rules: readonly Rule[];
  /** An activity that includes others: an item or exam of the same day replaces theirs. */
  readonly covers: Readonly<Record<ActivityCode, readonly ActivityCode[]>>;
  readonly notRoutine?: readonly NotRoutine[];
  readonly flags: readonly FlagRule[];
}

export type MonthEnd = 'clamp' | 'roll';
export type Profile = 'intensive' | 'minimal';
export type LiverImaging = 'ct' | 'mri';
