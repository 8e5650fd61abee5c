import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { DayRange } from '../../work-calendar/calendar-rows.js';
import { type Capacity, CapacityLedger } from './capacity-ledger.js';
import { dayLoads } from './ward-load.js';

type Reading = Pick<HospitalTransaction, 'db' | 'hospital'>;

interface CapacityRow {
  readonly place: string;
  readonly activity: string;
  readonly perWeekday: readonly (number | null)[];
}

/** The capacities of the hospital, those of the hospital as a whole first. */
export async function capacitiesOf({ db, hospital }: Reading): Promise<Capacity[]> {
  const rows = await db.query<CapacityRow[]>(
    `SELECT place, activity, per_weekday AS "perWeekday" FROM ward_capacity
      WHERE hospital_id = $1 ORDER BY place, activity`,
    [hospital.id],
  );
  return rows.map(({ place, activity, perWeekday }) => ({
    place: place === '' ? null : place,
    activity: activity === '' ? null : activity,
    perWeekday,
  }));
}

/** What the appointments of these days leave of the capacity. */
export async function capacityLedger(tx: Reading, range: DayRange): Promise<CapacityLedger> {
  const capacities = await capacitiesOf(tx);
  if (capacities.length === 0) return new CapacityLedger([], []);
  return new CapacityLedger(capacities, await dayLoads(tx, { measures: ['booked'], ...range }));
}
