/** The same sentence for Chinese and for English readers. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export type Language = keyof Text;

type Part<Unit extends string> = '' | `${number}${Unit}`;

/**
 * An ISO 8601 duration of years, months, weeks and days (`P3M`, `P6W`); several are added up, and each may have a sign
 * (ISO 8601-2): `P19M4W-1D`.
 */
export type Period = Exclude<`P${Part<'Y'>}${Part<'M'>}${Part<'W'>}${Part<'D'>}`, 'P'>;

/** One value, or the text's range: short end, long end, both allowed. */
export type PeriodOrRange = Period | readonly [Period, Period];

/** A kind of examination: one of the house's own (`ACTIVITIES`), or one that the guideline declares. */
export type ActivityCode = string;

/** Level of evidence and grade of recommendation as printed behind the sentence; null where none is. */
export interface Recommendation {
  readonly evidence: string | null;
  readonly grade: string | null;
}

/** Fields of an event, and for each the values that count. */
export type Values = Readonly<Record<string, readonly string[]>>;

/**
 * Which events are meant: a type and, for some of its fields, the values that count. Beside the recorded
 * events, every patient has one `birth` and one `diagnosis`.
 */
export interface EventPattern {
  readonly event: string;
  readonly where?: Values;
}

/** Something that is true of a patient or is not, or its contrary. Ages are in whole years. */
export type Condition = PlainCondition | { readonly not: PlainCondition };

export type PlainCondition =
  /** Age at diagnosis. */
  | { readonly onsetBefore: number }
  /** Age on the day of planning. */
  | { readonly ageBelow: number }
  | { readonly ageFrom: number }
  | { readonly recorded: EventPattern }
  | { readonly neverRecorded: EventPattern };

/** A stretch of follow-up that one event starts and another ends. */
export interface Pathway {
  readonly id: string;
  readonly section: string;
  readonly title: Text;
  /** Each matching event starts a new run; months and weeks are counted from its date. */
  readonly clock: EventPattern;
  /** Types of events; the run ends with the first of them that follows the clock, or with the next clock. */
  readonly endedBy: readonly string[];
}

interface RuleBase {
  readonly id: string;
  /** What is due; several: in turn, slot by slot. */
  readonly activity: ActivityCode | readonly [ActivityCode, ActivityCode, ...ActivityCode[]];
  readonly section: string;
  readonly title: Text;
  /** How the text was read where it can be read in several ways. Shown to users. */
  readonly interpretation: Text;
  /** All of these must hold, or the rule asks for nothing. */
  readonly given?: readonly Condition[];
  /** Nothing falls due from this birthday on. */
  readonly untilAge?: number;
}

interface PhaseBase extends Recommendation {
  /** Days either side of the due date that the text itself allows; without it a hospital's tolerance applies. */
  readonly window?: { readonly before: Period; readonly after: Period };
  /** The text sets a limit ("within"): the day after the due date is late, whatever the tolerance. */
  readonly limit?: true;
  /** The text names no last day: it waits and is never late, whatever the tolerance. */
  readonly neverLate?: true;
}

/** A stretch of equal intervals. */
export interface RepeatingPhase extends PhaseBase {
  /** `clinician`: the text gives none; nothing is planned until a clinician has decided. */
  readonly every: PeriodOrRange | 'clinician';
  /** The first date, from the clock; without it one interval after the phase before. */
  readonly from?: Period;
  /** Counted from the clock and included; without it the phase has no end. */
  readonly until?: PeriodOrRange;
}

/** Single dates, each counted from the clock. */
export interface ListedPhase extends PhaseBase {
  readonly at: readonly [PeriodOrRange, ...PeriodOrRange[]];
}

export type Phase = RepeatingPhase | ListedPhase;

/** An examination repeated at intervals. */
export interface RecurringRule extends RuleBase {
  readonly kind: 'recurring';
  /** `grid`: at fixed times from the clock, whenever it was really done; `rolling`: an interval after the last one done. */
  readonly anchor: 'grid' | 'rolling';
  readonly pathway: string;
  /** Values the clock's event must have in these fields; without it every run has the rule. */
  readonly where?: Values;
  /** Only for patients whose liver is imaged this way. */
  readonly liverImaging?: LiverImaging;
  /**
   * Counted from this event instead of the pathway's clock: the last one on or before the run's start, else
   * the first one within the run. While there is none, nothing is planned.
   */
  readonly countedFrom?: EventPattern;
  /** Other examinations that satisfy a date too; using one is a change of method, which is allowed and flagged. */
  readonly satisfiedBy?: readonly ActivityCode[];
  readonly phases: readonly [Phase, ...Phase[]];
}

/** The n-th counted examination of a chain; 1 is the first. */
export interface CountedStep {
  readonly counted: number;
}

/** A time counted from one of the dates that a chain knows; `last` is the last examination, or the clock. */
export interface Moment {
  readonly from: 'clock' | 'last' | 'birth' | CountedStep;
  readonly after: Period;
}

/** The earliest of several moments. */
export interface AnyOf {
  readonly anyOf: readonly [Moment, ...Moment[]];
}

/** All of these have to have passed: the latest counts. */
export type Moments = readonly [Moment | AnyOf, ...(Moment | AnyOf)[]];

/** A time from the case's own `from`, or the latest of several moments. */
export type PeriodOrMoments = Period | Moments;

/** One case of a chain; the first whose condition holds says when the next examination is due. */
export interface ChainCase extends Recommendation {
  readonly when: {
    /** True: no counted examination yet. */
    readonly none?: true;
    /** Exactly so many counted examinations so far. */
    readonly count?: number;
    /** Values in the clock event's fields. */
    readonly clock?: Values;
    /** Results of the last counted examination. */
    readonly last?: readonly string[];
    /** True when no counted examination lies on or after this time from the clock. */
    readonly noneSince?: Period;
    /** All of these hold. */
    readonly given?: readonly Condition[];
  };
  /** Nothing of this case falls due from this birthday on; later cases are tried. */
  readonly untilAge?: number;
  /** While there is no n-th counted examination, a case that counts from it does not apply. */
  readonly from: 'clock' | 'last' | CountedStep;
  /** A range is a window: due at its short or long end as the profile takes it, late after the long one. */
  readonly due: PeriodOrRange | Moments;
  /** Without it: for a limit, `from` itself; else the tolerance before the due date. */
  readonly earliest?: PeriodOrMoments;
  /** One done before it, with the expected result, does not count and is to be repeated; in place of `repeatIfEarlierBy`. */
  readonly countsFrom?: PeriodOrMoments;
  /** The last day in time, or that there is none; without it for a limit the due date, else the tolerance after it. */
  readonly latest?: PeriodOrMoments | 'never';
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
  /** The events that are steps of the chain; `field` holds the result, and only `results` count. */
  readonly counts: EventPattern & { readonly field?: string; readonly results?: readonly string[] };
  /** The result assumed for steps that lie ahead. */
  readonly assumed?: string;
  /** One done more than this before `earliest` does not count and is to be repeated, counted from it. */
  readonly repeatIfEarlierBy?: Period;
  readonly cases: readonly ChainCase[];
}

/** An examination due once, because of an event: another one's finding, a report, a decision. */
export interface AfterFindingRule extends RuleBase, Recommendation {
  readonly kind: 'after-finding';
  readonly pathways: readonly string[];
  readonly after: EventPattern;
  /** Time from the event; `P0D` is the same day. */
  readonly due: Period;
  /** It waits and is never late, whatever the tolerance. */
  readonly neverLate?: true;
}

export type Rule = RecurringRule | ChainRule | AfterFindingRule;

/** A condition under which the text leaves something to the clinician, or a clinician should know something. */
export interface FlagRule {
  readonly code: string;
  readonly message: Text;
  readonly when:
    | Condition
    | { readonly running: string; readonly where: Values }
    | { readonly running: string; readonly liverImaging: LiverImaging }
    | { readonly running: string; readonly neverRecorded: EventPattern }
    /** A date of one of these rules was satisfied by another examination than the planned one. */
    | { readonly otherMethodFor: readonly string[] };
  /** No flag once a clinician has decided an interval for each of these rules. */
  readonly settledBy?: readonly string[];
}

/** An examination that the text does not want as a routine: it is never planned, nor added by hand. */
export interface NotRoutine {
  readonly activities: readonly ActivityCode[];
  readonly section: string;
  /** The text's own sentence. */
  readonly sentence: Text;
}

/** An activity or a type of event that the program does not know, declared by the guideline that uses it. */
export interface Declared {
  readonly title: Text;
}

/** An activity, with what its exams can find and how they are recorded. */
export interface ActivityDeclaration extends Declared {
  /** What an exam can find, the expected outcome first; without it normal, suspicious or inconclusive. */
  readonly outcomes?: readonly [string, ...string[]];
  /** The next date depends on the outcome, so that no exam is recorded without one. */
  readonly determinesNextDate?: true;
  /** After one of these outcomes the exam counts as not done. */
  readonly notDone?: readonly string[];
  /** The type of event that records an exam, and its field for the outcome; without it `exam` and `outcome`. */
  readonly recordedAs?: { readonly event: string; readonly field: string };
}

/** What may stand before a value: a laboratory reports `<0.5` below and `>1000` above its measuring range. */
export type Comparator = '<' | '<=' | '>' | '>=';

/** A quantity that an exam measures. Every number is in `unit`. */
export interface Measurement {
  readonly code: string;
  readonly title: Text;
  /** The UCUM unit in which values are stored and compared. */
  readonly unit: string;
  /** Other units, and for each the power of ten that converts it exactly: value in `unit` = value × 10^power. */
  readonly otherUnits?: Readonly<Record<string, number>>;
  /** Beyond these no laboratory reports: there stands a slip. Both included. */
  readonly plausible: Span;
  /** Default: all. */
  readonly comparators?: readonly Comparator[];
  /** The largest value that needs no judgement. */
  readonly referenceLimit: Span & {
    /** Where neither the laboratory nor the hospital gives one. */
    readonly default: number;
  };
  /** Why these numbers. Shown to users. */
  readonly basis: Text;
}

/** From the smallest to the largest, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One published version of a recommendation as data. Never changes once published: a correction is a new version. */
export interface Guideline {
  readonly id: string;
  readonly version: string;
  readonly title: Text;
  readonly sources: readonly string[];
  /** What a reader must know before relying on it, such as that only a secondary source was read. */
  readonly caution?: Text;
  /** Month arithmetic into a shorter month: its last day (`clamp`, the default), or the first of the next (`roll`). */
  readonly monthEnd?: MonthEnd;
  /** Activities beside the house's own. */
  readonly activities?: Readonly<Record<string, ActivityDeclaration>>;
  /** Types of events beside the house's own, or more fields of those, each with its values. */
  readonly events?: Readonly<Record<string, { readonly title?: Text; readonly fields?: Values }>>;
  /** What exams measure, by activity, beside what the house knows (`MEASUREMENTS`). */
  readonly measurements?: Readonly<Record<ActivityCode, readonly Measurement[]>>;
  readonly pathways: readonly Pathway[];
  readonly rules: readonly Rule[];
  /** An examination that includes another: done or due the same day, it stands for both. */
  readonly covers: Readonly<Record<ActivityCode, readonly ActivityCode[]>>;
  readonly notRoutine?: readonly NotRoutine[];
  readonly flags: readonly FlagRule[];
}

export type MonthEnd = 'clamp' | 'roll';
export type Profile = 'intensive' | 'minimal';
export type LiverImaging = 'ct' | 'mri';
