import { type Day, dayOf, plusMonths, textOf } from './days.js';
import type { Profile } from './grid.js';
import { type Event, runsOf } from './pathways.js';

/** A patient and the request for a plan, in the input format of the command `plan`. */
export interface History {
  readonly birthDate: string;
  readonly diagnosisDate: string;
  readonly events: readonly Event[];
  readonly policy: { readonly profile: Profile; readonly liverImaging: 'ct' | 'mri' };
  readonly enrolledOn?: string;
  readonly asOf: string;
  readonly until?: string;
}

/** A pseudo-random generator that gives the same sequence for the same seed (mulberry32). */
class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  happens(probability: number): boolean {
    return this.next() < probability;
  }
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  of<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)]!;
  }
}

const FIRST = dayOf('2012-01-01');
const SPECIAL = ['2020-02-29', '2019-08-31', '2021-01-31', '2018-11-30', '2016-02-29', '2020-12-31'];
const ACTIVITIES = [
  ...['clinical_review', 'liver_ultrasound', 'liver_ultrasound', 'tumour_markers'],
  ...['ct_abdomen_pelvis', 'ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis', 'ct_chest_abdomen_pelvis'],
  ...['mri_liver', 'mri_liver', 'mri_liver'],
];
const IMAGING = ['ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis', 'mri_liver'];
const EDGES = [0, 1, 13, 14, 15, 16, 29, 30, 31, 59, 60, 61, 90];
/** Months after a clock start on which one of the profiles plans a date. */
const MONTHS = [3, 6, 6, 9, 12, 12, 15, 18, 21, 24, 24, 30, 36, 36, 42, 48, 54, 60, 60, 72, 84, 96];

/** The history for `seed`. */
export function historyOf(seed: number): History {
  const chance = new Chance(seed);
  let course = courseOf(chance);
  while (runsOverlap(course)) course = courseOf(chance);
  const clocks = course.filter(({ type }) =>
    ['primary_resection', 'liver_ned', 'conversion_therapy_started'].includes(type),
  );
  const events = [...course, ...examsOf(chance, clocks), ...colonoscopiesOf(chance, course)];
  const asOf = planningDay(chance, clocks, events);
  const recorded = events.filter(({ date }) => dayOf(date) <= asOf);
  const death = recorded.filter(({ type }) => type === 'death').map(({ date }) => date);
  const first = Math.min(...clocks.map(({ date }) => dayOf(date)));
  return {
    birthDate: chance.of(['1950-05-05', '1982-02-28']),
    diagnosisDate: textOf(dayOf(course[0]!.date) - 20),
    events: recorded.filter(({ date }) => death.every((day) => date <= day)),
    policy: {
      profile: chance.happens(0.5) ? 'intensive' : 'minimal',
      liverImaging: chance.happens(0.5) ? 'ct' : 'mri',
    },
    ...(asOf >= first && chance.happens(0.35) ? { enrolledOn: textOf(chance.between(first, asOf)) } : {}),
    asOf: textOf(asOf),
    ...(chance.happens(0.8) ? { until: textOf(asOf + chance.between(0, 1500)) } : {}),
  };
}

const eventOf = (type: string, day: Day, fields: object = {}): Event => ({
  type,
  date: textOf(day),
  ...fields,
});

/**
 * Whether two pathways run at the same time, because no event ended the first. The reading does not cover this case.
 */
const runsOverlap = (events: readonly Event[]): boolean =>
  runsOf(events).some((one, index, runs) =>
    runs.slice(index + 1).some((other) => one.start < other.end && other.start < one.end),
  );

/** The events of one course of the disease, in a possible order. */
function courseOf(chance: Chance): Event[] {
  let day = chance.happens(0.3) ? dayOf(chance.of(SPECIAL)) : FIRST + chance.between(0, 4000);
  const later = (): Day => (day += chance.happens(0.1) ? 0 : chance.between(1, chance.of([40, 200, 800])));
  const course: Event[] = [];
  const operated = chance.happens(0.9);
  const stage = chance.of(['I', 'II', 'II', 'III', 'III', 'IV', 'IV']);
  if (stage === 'IV' && chance.happens(0.3)) course.push(eventOf('liver_metastasis_diagnosed', day - 10));
  if (operated) course.push(resectionOf(chance, day, stage));
  const turns = chance.of(operated ? [0, 0, 1, 1, 2, 3] : [1, 2]);
  for (let turn = 0; turn < turns; turn++) {
    const clears = chance.happens(0.9);
    if (turn > 0 || stage !== 'IV' || chance.happens(0.3))
      course.push(
        chance.happens(0.5)
          ? eventOf('liver_metastasis_diagnosed', later())
          : eventOf('recurrence', later(), { site: 'liver' }),
      );
    if (chance.happens(0.4)) {
      course.push(
        eventOf('conversion_therapy_started', later(), { mmr: chance.of(['pMMR', 'pMMR', 'dMMR']) }),
      );
      if (chance.happens(0.5)) course.push(eventOf('conversion_therapy_ended', later()));
    }
    if (turn > 0 && chance.happens(0.1)) course.push(resectionOf(chance, (day += 1), chance.of(['I', 'II'])));
    if (clears) course.push(eventOf('liver_ned', later(), { by: chance.of(['resection', 'ablation']) }));
  }
  const closing = ['transferred_out', 'lost_to_follow_up', 'consent_withdrawn', 'death'];
  if (chance.happens(0.15)) course.push(eventOf(chance.of(closing), later()));
  return course.length > 0 ? course : courseOf(chance);
}

const resectionOf = (chance: Chance, day: Day, stage: string): Event =>
  eventOf('primary_resection', day, {
    site: chance.of(['colon', 'rectum']),
    stage,
    intent: chance.happens(0.9) ? 'curative' : 'palliative',
    preoperativeColonoscopy: chance.happens(0.75) ? 'complete' : 'incomplete',
  });

/** A number of days, early (negative) or late, often exactly the edge of a window. */
const shift = (chance: Chance): number =>
  (chance.happens(0.5) ? 1 : -1) *
  (chance.happens(0.6) ? chance.of(EDGES) : chance.between(0, chance.of([10, 30, 100])));

const nearADate = (chance: Chance, clocks: readonly Event[]): Day =>
  plusMonths(dayOf(chance.of(clocks).date), chance.of(MONTHS)) + shift(chance);

/** Some single exams, and often most dates of two activities. An MRI often follows a finding. */
function examsOf(chance: Chance, clocks: readonly Event[]): Event[] {
  if (clocks.length === 0) return [];
  const sparse = Array.from({ length: chance.of([0, 1, 2, 3, 5, 8]) }, () =>
    examOf(chance, nearADate(chance, clocks), chance.of(ACTIVITIES)),
  );
  const regular = chance.happens(0.4)
    ? [chance.of(ACTIVITIES), chance.of(IMAGING)].flatMap((activity) => regularly(chance, clocks, activity))
    : [];
  const exams = [...sparse, ...regular];
  const answers = exams
    .filter(({ outcome }) => outcome !== 'normal' && chance.happens(0.4))
    .map(({ date }) =>
      eventOf('exam', dayOf(date) + chance.of([0, 1, 10, 14, 15, 40, 200]), {
        activity: 'mri_liver',
        outcome: 'normal',
      }),
    );
  return [...exams, ...answers];
}

const examOf = (chance: Chance, day: Day, activity: string): Event =>
  eventOf('exam', day, {
    activity,
    outcome: chance.happens(0.2) ? chance.of(['suspicious', 'inconclusive']) : 'normal',
  });

function regularly(chance: Chance, clocks: readonly Event[], activity: string): Event[] {
  const start = dayOf(chance.of(clocks).date);
  return [...new Set(MONTHS)]
    .filter(() => chance.happens(0.7))
    .map((month) =>
      examOf(chance, plusMonths(start, month) + (chance.happens(0.5) ? 0 : shift(chance)), activity),
    );
}

/** Colonoscopies on any day but that of an operation, because the record does not say which one was first. */
function colonoscopiesOf(chance: Chance, course: readonly Event[]): Event[] {
  const operations = course.filter(({ type }) => type === 'primary_resection');
  if (operations.length === 0) return [];
  const days = Array.from(
    { length: chance.of([0, 0, 1, 2, 3, 4]) },
    () =>
      plusMonths(
        dayOf(chance.of(operations).date),
        chance.of([2, 3, 5, 6, 10, 12, 18, 24, 30, 31, 34, 36, 48, 90]),
      ) + shift(chance),
  );
  return [...new Set(days)]
    .filter((day) => operations.every(({ date }) => dayOf(date) !== day))
    .map((day) =>
      eventOf('colonoscopy', day, {
        finding: chance.of(['normal', 'normal', 'normal', 'abnormal', 'incomplete']),
      }),
    );
}

function planningDay(chance: Chance, clocks: readonly Event[], events: readonly Event[]): Day {
  const earliest = dayOf(events[0]!.date);
  const kinds = [
    () => (clocks.length > 0 ? nearADate(chance, clocks) : earliest),
    () => dayOf(chance.of(events).date) + chance.of(EDGES),
    () => earliest + chance.between(0, 5000),
  ];
  return Math.max(chance.of(kinds)(), earliest);
}
