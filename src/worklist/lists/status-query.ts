import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemStatus } from '../../guideline/planned-item.js';
import { type EscalatedTo, ESCALATED_TO } from '../../schedules/reminder-calendar.js';
import { LONGEST_WINDOW_DAYS } from '../../schedules/urgent-day.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type ReminderPolicy, rulesFor } from '../../tenancy/policy/reminder-policy.js';
import { itemConditions, type ListFilter, patientConditions } from './list-filter.js';
import { live } from './list-sql.js';
import { SqlValues } from './list-statement.js';
import { isNarrow, isWide, liveOfActivity } from './rare-items.js';

/** Items by their status, whatever people have done about them. */
export interface StatusFilter extends Omit<ListFilter, 'owner'> {
  readonly statuses: readonly ItemStatus[];
  /** Only items that are escalated to this role. */
  readonly escalatedTo: EscalatedTo | undefined;
}

/** Rows that one index has by due date and id, or has for each activity. */
interface StatusBranch {
  readonly where: string;
  /** Which of `liveOfActivity` have rows of the branch; null: the index has the rows for each activity. */
  readonly ofActivity: readonly string[] | null;
}

const OPEN: readonly ItemStatus[] = ['overdue', 'due', 'upcoming'];

/** The same rule as `statusOn`, in SQL, of an item that is open and was not missed. */
const OPEN_CONDITIONS: Readonly<Record<string, (today: string) => string>> = {
  overdue: (today) => `r.due <= ${today} AND r.overdue <= ${today}`,
  due: (today) => `r.due <= ${today} AND r.overdue > ${today}`,
  upcoming: (today) => `r.due > ${today}`,
};

/** `day` makes today a parameter of the statement. */
function branchesOf(statuses: readonly ItemStatus[], day: () => string): StatusBranch[] {
  const branches: StatusBranch[] = [];
  const open = statuses.filter((status) => OPEN.includes(status));
  if (open.length > 0) {
    const today = day();
    const any = open.map((status) => `(${OPEN_CONDITIONS[status]?.(today)})`).join(' OR ');
    const notLater = open.includes('upcoming') ? '' : ` AND r.due <= ${today}`;
    const where = `${live('r')} AND (r.missed_on > ${today} OR r.missed_on IS NULL)${notLater} AND (${any})`;
    branches.push(
      ...(open.includes('due') && !open.includes('overdue')
        ? notOverdue(where, today)
        : [{ where, ofActivity: liveOfActivity('r') }]),
    );
  }
  // The daily task marks the items that were missed some days ago (`OvertakenItems`).
  if (statuses.includes('missed'))
    branches.push(
      { where: `${isMarkedMissed('r')} AND r.missed_on <= ${day()}`, ofActivity: null },
      { where: `${live('r')} AND r.missed_on <= ${day()}`, ofActivity: liveOfActivity('r') },
    );
  if (statuses.includes('completed')) branches.push({ where: `r.state = 'completed'`, ofActivity: null });
  return branches;
}

/**
 * Items that are not overdue. Those with a short window fell due at most `LONGEST_WINDOW_DAYS` ago, so that the overdue ones,
 * which fell due earlier, are not read. The others have an index of their own.
 */
const notOverdue = (where: string, today: string): StatusBranch[] =>
  [
    [isNarrow('r'), ` AND r.due > ${today} - ${LONGEST_WINDOW_DAYS}`],
    [isWide('r'), ''],
  ].map(([window = '', days = '']) => ({
    where: `${where} AND ${window}${days} AND r.overdue > ${today}`,
    ofActivity: [`${live('r')} AND ${window}`],
  }));

/** The condition of the partial index of missed items. */
const isMarkedMissed = (r: string): string =>
  `${r}.state = 'active' AND NOT ${r}.before_enrolment AND ${r}.overtaken_on = ${r}.missed_on`;

/** SQL: the item `r`, which is overdue, is escalated to the role. The same rule as `escalatedTo`. */
function isEscalated(role: EscalatedTo, policy: ReminderPolicy, today: string, values: SqlValues): string {
  const ofActivities = Object.fromEntries(
    Object.keys(policy.activities ?? {}).map((activity) => [activity, rulesFor(policy, activity).escalation]),
  );
  const after = `coalesce(${values.add(JSON.stringify(ofActivities), 'jsonb')} -> r.activity, ${values.add(JSON.stringify(policy.escalation ?? null), 'jsonb')})`;
  const cases = [...ESCALATED_TO]
    .reverse()
    .map((to) => `WHEN ${today} - r.overdue >= (after ->> '${AFTER_DAYS[to]}')::integer THEN '${to}'`);
  return `(SELECT CASE ${cases.join(' ')} END FROM (SELECT ${after} AS after) AS rules) = ${values.add(role, 'text')}`;
}

const AFTER_DAYS: Readonly<Record<EscalatedTo, string>> = {
  responsible_nurse: 'responsibleNurseAfterDays',
  head_nurse: 'headNurseAfterDays',
};

/**
 * The next items by due date and id, at most `atMost`. Only those of `patientIds`, who satisfy what the filter says
 * of patients; undefined: of all whom the caller may see.
 */
export function statusStatement(
  { hospital, today }: Pick<HospitalTransaction, 'hospital' | 'today'>,
  { statuses, escalatedTo, ...filter }: StatusFilter,
  patientIds: readonly string[] | undefined,
  {
    after,
    atMost,
    isRare,
  }: {
    readonly after: { readonly due: CalendarDate; readonly id: string } | undefined;
    readonly atMost: number;
    /** Whether the activity of the filter is one of `isRareActivity`. */
    readonly isRare: boolean;
  },
): { readonly sql: string; readonly values: readonly unknown[] } {
  const values = new SqlValues();
  const ofHospital = `r.hospital_id = ${values.add(hospital.id, 'uuid')}`;
  const day = values.whenUsed(today, 'date');
  const branches = branchesOf(statuses, day);
  const conditions = itemConditions(filter, values).map((condition) => condition('r'));
  if (escalatedTo !== undefined)
    conditions.push(isEscalated(escalatedTo, hospital.policy.reminders, day(), values));
  if (after)
    conditions.push(`(r.due, r.id) > (${values.add(after.due, 'date')}, ${values.add(after.id, 'uuid')})`);
  const about = patientIds === undefined ? patientConditions(filter, values) : [];
  // The subquery looks up the patient of each row, so that the rows stay in the order of the index.
  if (about.length > 0)
    conditions.push(
      `(SELECT ${about.join(' AND ')} FROM patient p WHERE p.hospital_id = r.hospital_id AND p.id = r.patient_id)`,
    );
  const filtered = conditions.map((condition) => ` AND ${condition}`).join('');
  const inOrder = `ORDER BY r.due, r.id LIMIT ${atMost}`;
  const rowsOf = (where: string): string =>
    `SELECT r.due, r.id FROM surveillance_item r WHERE ${ofHospital} AND ${where}`;
  const partOf = ({ where, ofActivity }: StatusBranch): string[] => {
    if (ofActivity === null && filter.activity === undefined)
      return [
        `SELECT found.* FROM (${activitiesAmong(`${ofHospital} AND ${where}`)}) AS kinds CROSS JOIN LATERAL (
           ${rowsOf(where)} AND r.activity = kinds.activity${filtered} ${inOrder}) AS found`,
      ];
    if (ofActivity === null || !isRare) return [`(${rowsOf(where)}${filtered} ${inOrder})`];
    // All items of the activity are read by its indexes and sorted.
    return ofActivity.map(
      (part) =>
        `(SELECT r.due, r.id FROM (SELECT * FROM surveillance_item r WHERE ${ofHospital} AND ${part}
             AND r.activity = ${values.bare(filter.activity)} OFFSET 0) AS r WHERE ${where}${filtered} ${inOrder})`,
    );
  };
  const parts =
    patientIds === undefined
      ? branches.flatMap(partOf)
      : [
          `SELECT found.* FROM unnest(${values.add(patientIds, 'uuid[]')}) AS asked (asked_id) CROSS JOIN LATERAL (
             SELECT r.due, r.id FROM (SELECT * FROM surveillance_item r WHERE ${ofHospital} AND r.patient_id = asked_id OFFSET 0) AS r
              WHERE (${branches.map(({ where }) => `(${where})`).join(' OR ')})${filtered}) AS found`,
        ];
  return {
    sql: `SELECT id, due FROM (${parts.join(' UNION ALL ')}) AS merged ORDER BY due, id LIMIT ${atMost}`,
    values: values.list,
  };
}

/** The activities of these items, by one index probe for each activity. */
const activitiesAmong = (where: string): string => `
  WITH RECURSIVE known AS (
    (SELECT r.activity FROM surveillance_item r WHERE ${where} ORDER BY r.activity LIMIT 1)
    UNION ALL
    SELECT (SELECT r.activity FROM surveillance_item r WHERE ${where} AND r.activity > known.activity ORDER BY r.activity LIMIT 1)
      FROM known WHERE known.activity IS NOT NULL)
  SELECT activity FROM known WHERE activity IS NOT NULL`;
