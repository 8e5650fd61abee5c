import type { CalendarDate } from '../guideline/calendar.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { SqlValues } from '../worklist/lists/list-statement.js';
import type { Cell } from './figures.js';
import { FactSources, type Period } from './fact-sources.js';
import { type Dimension, type Source, SOURCES } from './measures.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'today' | 'now'>;

/** The group of a fact or of a stored figure. A nurse without an account is known by the imported name. */
export const GROUP_SQL: Readonly<Record<Dimension, string>> = {
  activity: 'activity',
  rule: 'rule',
  nurse: `coalesce(person_id::text, 'name:' || nurse)`,
  department: 'department',
  stage: 'stage',
};

const ALL_SOURCES = Object.keys(SOURCES) as Source[];

interface Counted {
  /** Only the patients of this department. */
  readonly department?: string | undefined;
  /** Default: all. */
  readonly sources?: readonly Source[];
}

/** Counts the facts of the period now. */
export async function liveCells(
  { db, ...within }: Within,
  period: Period,
  by: Dimension,
  { department, sources = ALL_SOURCES }: Counted = {},
): Promise<Cell[]> {
  const facts = new FactSources(within, period, by === 'stage', department);
  return db.query<Cell[]>(
    `SELECT ${GROUP_SQL[by]} AS "group", measure, reason, delay, count(*)::integer AS count
       FROM (${facts.of(sources)}) AS facts GROUP BY 1, 2, 3, 4`,
    facts.values.list,
  );
}

/** Figures that were computed before, and when. */
export interface StoredCells {
  readonly cells: readonly Cell[];
  readonly computedAt: Date;
  /** The hospital's day of `computedAt`. */
  readonly computedOn: CalendarDate;
}

/** Stored figures older than this are not used: the nightly computation has stopped. */
const USED_FOR_DAYS = 3;

/** The stored figures of the period; null where it is not of whole months, or a month is not stored. `department`: only its patients. */
export async function storedCells(
  tx: Within,
  period: Period,
  by: Dimension,
  department?: string,
): Promise<StoredCells | null> {
  const { db, hospital, now } = tx;
  const [months] = await db.query<
    [
      {
        whole: boolean;
        wanted: number;
        stored: number;
        computedAt: Date | null;
        computedOn: CalendarDate | null;
      },
    ]
  >(
    `SELECT $2::date = date_trunc('month', $2::date)::date AND $3::date + 1 = date_trunc('month', $3::date + 1)::date AS whole,
            (extract(year FROM age($3::date + 1, $2)) * 12 + extract(month FROM age($3::date + 1, $2)))::integer AS wanted,
            count(m.month)::integer AS stored, min(m.computed_at) AS "computedAt",
            (min(m.computed_at) AT TIME ZONE $5)::date AS "computedOn"
       FROM statistics_month m
      WHERE m.hospital_id = $1 AND m.month BETWEEN $2 AND $3 AND m.computed_at > $4::timestamptz - interval '${USED_FOR_DAYS} days'`,
    [hospital.id, period.from, period.to, now, hospital.timeZone],
  );
  const { computedAt, computedOn } = months;
  if (!months.whole || computedAt === null || computedOn === null || months.stored !== months.wanted)
    return null;
  const values = new SqlValues();
  const ofDepartment =
    department === undefined ? '' : ` AND f.department = ${values.add(department, 'text')}`;
  const at = `hospital_id = ${values.add(hospital.id, 'uuid')} AND month BETWEEN ${values.add(period.from, 'date')} AND ${values.add(period.to, 'date')}${ofDepartment}`;
  // How the patients stand is counted at the end of the period alone.
  const cells = await db.query<Cell[]>(
    `SELECT ${GROUP_SQL[by]} AS "group", measure, reason, delay, sum(count)::integer AS count
       FROM statistics_figure f CROSS JOIN LATERAL unnest(f.delays, f.counts) AS u (delay, count)
      WHERE ${at} AND f.by_nurse = (reach_is_limited() OR ${values.add(by === 'nurse', 'boolean')})
        AND (f.measure NOT LIKE 'patient\\_%' OR f.month = date_trunc('month', ${values.add(period.to, 'date')})::date)
      GROUP BY 1, 2, 3, 4`,
    values.list,
  );
  return { cells, computedAt, computedOn };
}
