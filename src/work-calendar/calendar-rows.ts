import type { CalendarDate } from '../guideline/calendar.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { WorkingDays } from '../tenancy/policy/reminder-policy.js';
import {
  type DayKind,
  type DaySource,
  type SpecialDay,
  USUAL_WEEKDAYS,
  WorkCalendar,
} from './work-calendar.js';

type Reading = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** The first and the last day of a range, both included. */
export interface DayRange {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/** The calendar of the hospital for these days, with the lists of its reminder policy. Two queries. */
export async function workCalendar(tx: Reading, range: DayRange): Promise<WorkCalendar> {
  const policy = tx.hospital.policy.reminders.workingDays ?? null;
  const days = await specialDays(tx, range);
  const weekdays = policy?.weekdays ?? USUAL_WEEKDAYS;
  return new WorkCalendar(weekdays, [...days, ...policyDays(policy, range)], await knownYears(tx));
}

interface DayRow {
  readonly date: CalendarDate;
  readonly kind: DayKind;
  readonly source: DaySource;
  readonly zh: string;
  readonly en: string;
}

/**
 * The national, imported and own days in the range. An imported year replaces the national days of that year. Of two
 * imports with the same day, the later year comes last.
 */
export async function specialDays({ db, hospital }: Reading, { from, to }: DayRange): Promise<SpecialDay[]> {
  const rows = await db.query<DayRow[]>(
    `SELECT 'national' AS source, n.day AS date, n.kind, n.name_zh AS zh, n.name_en AS en, 0 AS year
       FROM national_day n
      WHERE n.day BETWEEN $2 AND $3
        AND NOT EXISTS (SELECT FROM work_calendar_year y WHERE y.hospital_id = $1 AND y.year = extract(year FROM n.day))
     UNION ALL
     SELECT 'import', d.date, d.kind, d.name, d.name, y.year
       FROM work_calendar_year y, jsonb_to_recordset(y.days) AS d (date date, kind text, name text)
      WHERE y.hospital_id = $1 AND d.date BETWEEN $2 AND $3
     UNION ALL
     SELECT 'hospital', o.day, o.kind, o.name, o.name, 0 FROM work_calendar_day o
      WHERE o.hospital_id = $1 AND o.day BETWEEN $2 AND $3
      ORDER BY date, year`,
    [hospital.id, from, to],
  );
  return rows.map(({ date, kind, source, zh, en }) => ({ date, kind, source, name: { zh, en } }));
}

/** The years whose public holidays are known: from the national calendar, or from an import. */
export async function knownYears({ db, hospital }: Reading): Promise<ReadonlySet<number>> {
  const rows = await db.query<{ year: number }[]>(
    `SELECT DISTINCT extract(year FROM day)::integer AS year FROM national_day
      UNION SELECT year FROM work_calendar_year WHERE hospital_id = $1`,
    [hospital.id],
  );
  return new Set(rows.map(({ year }) => year));
}

const IN_POLICY = { zh: '提醒政策中的工作日设置', en: 'Working days of the reminder policy' };

/** The days that the reminder policy lists. */
function policyDays(policy: WorkingDays | null, { from, to }: DayRange): SpecialDay[] {
  const days = (dates: readonly CalendarDate[], kind: DayKind): SpecialDay[] =>
    dates
      .filter((date) => date >= from && date <= to)
      .map((date) => ({ date, kind, name: IN_POLICY, source: 'policy' }));
  // A day in both lists works, as it does for reminders.
  return policy === null ? [] : [...days(policy.holidays, 'closure'), ...days(policy.extra, 'extra_workday')];
}
