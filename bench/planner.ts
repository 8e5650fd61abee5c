/**
 * Patients planned per second on one core over ten years, windows and statuses included, beside (a) the
 * `rrule` package generating the same recurrences and (b) bare integer arithmetic writing the same dates as
 * strings, which is the limit. All three run in turn in each round. Run: npm run bench:planner
 */
import { createRequire } from 'node:module';
import type * as RRuleModule from 'rrule';
import {
  addDays,
  addMonths,
  type CalendarDate,
  calendarDate,
  fromDayNumber,
  toDayNumber,
} from '../src/guideline/calendar.js';
import type { PatientFacts } from '../src/guideline/facts.js';
import { planSurveillance } from '../src/guideline/planner.js';
import { CRLM_CN_2025 } from '../src/guideline/published/crlm-cn-2025.js';
import { statusOn } from '../src/guideline/planned-item.js';

const { RRule } = createRequire(import.meta.url)('rrule') as typeof RRuleModule;

const PATIENTS = 2_000;
const ROUNDS = 15;
const AS_OF = calendarDate('2026-11-01');

const starts = Array.from({ length: PATIENTS }, (_, n) =>
  addDays(calendarDate('2016-11-01'), (n * 1_237) % 3_600),
);
const patients: PatientFacts[] = starts.map((date, n) => ({
  birthDate: calendarDate('1955-03-08'),
  diagnosisDate: addDays(date, -14),
  events: [
    {
      type: 'primary_resection',
      date,
      site: 'colon',
      stage: 'III',
      intent: 'curative',
      preoperativeColonoscopy: n % 5 === 0 ? 'incomplete' : 'complete',
    },
  ],
}));

const grid = (every: number, from: number, until: number): number[] =>
  Array.from({ length: (until - from) / every + 1 }, (_, n) => from + n * every);
const VISITS = [...grid(3, 3, 24), ...grid(6, 30, 60), ...grid(12, 72, 120)];
/** The months of every item of one patient over ten years. */
const MONTHS = [VISITS, VISITS, VISITS, grid(12, 12, 120), [12, 36, 96]];
const TOLERANCE = 14;

function plan(): number {
  let items = 0;
  for (const patient of patients) {
    const planned = planSurveillance(
      CRLM_CN_2025,
      patient,
      { profile: 'intensive', liverImaging: 'ct' },
      { asOf: AS_OF },
    );
    for (const item of planned.items) if (statusOn(AS_OF, item).length > 0) items++;
  }
  return items;
}

/** rrule skips months that are too short, so it starts on the 28th at the latest: the same number of dates. */
function recur(): number {
  let dates = 0;
  for (const start of starts) {
    const [year, month, day] = start.split('-').map(Number) as [number, number, number];
    const dayOfMonth = Math.min(day, 28);
    const rule = (from: number, interval: number, count: number): number =>
      new RRule({
        freq: RRule.MONTHLY,
        interval,
        count,
        dtstart: new Date(Date.UTC(year, month - 1 + from, dayOfMonth)),
      }).all().length;
    for (let visit = 0; visit < 3; visit++) dates += rule(3, 3, 8) + rule(30, 6, 6) + rule(72, 12, 5);
    dates += rule(12, 12, 10) + rule(12, 24, 2) + rule(96, 60, 1);
  }
  return dates;
}

/** Three dates an item, as strings, without any decision. */
function count(): number {
  let dates = 0;
  for (const start of starts) {
    for (const months of MONTHS) {
      for (const month of months) {
        const due: CalendarDate = addMonths(start, month);
        const number = toDayNumber(due);
        if (fromDayNumber(number - TOLERANCE) < due && due < fromDayNumber(number + TOLERANCE)) dates++;
      }
    }
  }
  return dates;
}

function perSecond(work: () => number): number {
  const start = performance.now();
  work();
  return (PATIENTS * 1000) / (performance.now() - start);
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

console.log(`items of the planner ${plan()}, dates of rrule ${recur()}, of the arithmetic ${count()}`);
const rates = Array.from({ length: ROUNDS }, () => ({
  planner: perSecond(plan),
  rrule: perSecond(recur),
  limit: perSecond(count),
}));
const middle = (of: (rate: (typeof rates)[number]) => number): number => median(rates.map(of));
console.log(
  `patients a second: planner ${middle(({ planner }) => planner).toFixed(0)}, rrule ${middle(({ rrule }) => rrule).toFixed(0)}, bare arithmetic ${middle(({ limit }) => limit).toFixed(0)}`,
);
// Each round's own ratio, because the machine's speed varies from second to second.
console.log(
  `planner / rrule ${middle(({ planner, rrule }) => planner / rrule).toFixed(1)} (at least 5), planner / bare arithmetic ${middle(({ planner, limit }) => planner / limit).toFixed(2)} (at least 0.25)`,
);
