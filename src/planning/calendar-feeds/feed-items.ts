import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type ListFilter, patientConditions } from '../../worklist/lists/list-filter.js';
import { live } from '../../worklist/lists/list-sql.js';
import { SqlValues } from '../../worklist/lists/list-statement.js';
import { patientsToLookThrough } from '../../worklist/lists/look-through.js';
import { ownedBy } from '../../worklist/ownership/owned-patients.js';
import { staffOf } from '../../worklist/ownership/staff-rows.js';
import { DAYS_AFTER, DAYS_BEFORE } from './calendar-entries.js';

/** Whose dates a feed shows; without any of them, those of all patients whom its owner may see. */
export interface FeedFilter {
  /** Patients of whom this person owns a duty today, handovers included. */
  readonly personId: string | null;
  readonly department: string | null;
  /** Only what is booked at this place. */
  readonly place: string | null;
}

export type PatientsOfFeed = Pick<ListFilter, 'owner' | 'department'>;

export async function patientsOfFeed(
  tx: HospitalTransaction,
  { personId, department }: FeedFilter,
): Promise<PatientsOfFeed> {
  return {
    owner: personId === null ? undefined : ownedBy(await staffOf(tx), personId),
    department: department ?? undefined,
  };
}

interface DatedId {
  readonly id: string;
  readonly day: CalendarDate;
}

/** Open items by how people stand to them: the condition, and the day in the calendar. Each has an index. */
function branchesOf(
  place: string | null,
  values: SqlValues,
  today: CalendarDate,
): [where: string, day: string][] {
  const from = values.add(addDays(today, -DAYS_BEFORE), 'date');
  const to = values.add(addDays(today, DAYS_AFTER), 'date');
  const shown = (day: string): string => `${day} BETWEEN ${from} AND ${to}`;
  if (place !== null)
    return [
      [
        `r.state = 'active' AND r.step = 'booked' AND ${shown('r.step_on')} AND EXISTS (
           SELECT FROM appointment_item ai JOIN appointment a ON a.hospital_id = ai.hospital_id AND a.id = ai.appointment_id
            WHERE ai.hospital_id = r.hospital_id AND ai.item_id = r.id AND ai.is_open AND a.place = ${values.add(place, 'text')})`,
        'r.step_on',
      ],
    ];
  const day = values.add(today, 'date');
  const isOpen = `${live('r')} AND (r.missed_on > ${day} OR r.missed_on IS NULL)`;
  const stepped = (step: string, on: string): [string, string] => [
    `r.state = 'active' AND r.step = '${step}' AND ${shown(on)}`,
    on,
  ];
  return [
    [`${isOpen} AND (r.step IS NULL OR r.step = 'not_attended') AND ${shown('r.due')}`, 'r.due'],
    stepped('booked', 'r.step_on'),
    stepped('attended', 'r.step_on'),
    stepped('deferred', 'r.step_until'),
  ];
}

/** The items of the feed's days in the order of these days, at most `atMost`. */
export async function itemsOfFeed(
  tx: HospitalTransaction,
  { place }: FeedFilter,
  patients: PatientsOfFeed,
  atMost: number,
): Promise<readonly DatedId[]> {
  const values = new SqlValues();
  const ofHospital = `r.hospital_id = ${values.add(tx.hospital.id, 'uuid')}`;
  const branches = branchesOf(place, values, tx.today);
  const few = await patientsToLookThrough(tx, patients);
  const about = few === undefined ? patientConditions(patients, values) : [];
  const filtered =
    about.length === 0
      ? ''
      : ` AND (SELECT ${about.join(' AND ')} FROM patient p WHERE p.hospital_id = r.hospital_id AND p.id = r.patient_id)`;
  const asked = few && values.add(few, 'uuid[]');
  const parts = branches.map(([where, day]) =>
    asked === undefined
      ? `(SELECT r.id, ${day} AS day FROM surveillance_item r WHERE ${ofHospital} AND ${where}${filtered}
           ORDER BY ${day}, r.id LIMIT ${atMost})`
      : `SELECT found.* FROM unnest(${asked}) AS asked (asked_id) CROSS JOIN LATERAL (
           SELECT r.id, ${day} AS day
             FROM (SELECT * FROM surveillance_item r WHERE ${ofHospital} AND r.patient_id = asked_id OFFSET 0) AS r
            WHERE ${where}) AS found`,
  );
  return tx.db.query<DatedId[]>(
    `SELECT id, day FROM (${parts.join(' UNION ALL ')}) AS dated ORDER BY day, id LIMIT ${atMost}`,
    values.list,
  );
}

/** Those of these patients whose dates the feed shows. */
export async function patientsAmong(
  { db, hospital }: HospitalTransaction,
  patients: PatientsOfFeed,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const values = new SqlValues();
  const conditions = [
    `p.hospital_id = ${values.add(hospital.id, 'uuid')}`,
    `p.id = ANY (${values.add(ids, 'uuid[]')})`,
    ...patientConditions(patients, values),
  ];
  const rows = await db.query<{ id: string }[]>(
    `SELECT p.id FROM patient p WHERE ${conditions.join(' AND ')}`,
    values.list,
  );
  return new Set(rows.map(({ id }) => id));
}

/** The open appointment of an item. */
export interface BookedAt {
  readonly itemId: string;
  readonly time: string | null;
  readonly halfDay: 'morning' | 'afternoon' | null;
  readonly place: string | null;
}

export async function bookedAt(
  { db, hospital }: HospitalTransaction,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, BookedAt>> {
  const rows = await db.query<BookedAt[]>(
    `SELECT ai.item_id AS "itemId", a.time, a.half_day AS "halfDay", a.place
       FROM appointment_item ai JOIN appointment a ON a.hospital_id = ai.hospital_id AND a.id = ai.appointment_id
      WHERE ai.hospital_id = $1 AND ai.item_id = ANY ($2) AND ai.is_open`,
    [hospital.id, itemIds],
  );
  return new Map(rows.map((row) => [row.itemId, row]));
}
