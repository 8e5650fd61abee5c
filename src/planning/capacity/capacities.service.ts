import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import { type FieldFault, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import type { Capacity } from './capacity-ledger.js';
import { capacitiesOf } from './capacity-rows.js';

/** What the hospital and its places can do in a day. */
@Injectable()
export class CapacitiesService {
  constructor(private readonly scope: HospitalScope) {}

  async all(): Promise<Capacity[]> {
    return this.scope.transaction((tx) => capacitiesOf(tx));
  }

  /** Replaces all rows. Refuses (422) an unknown activity, and two rows about the same place and activity. */
  async replace(capacities: readonly Capacity[]): Promise<Capacity[]> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const faults = faultsIn(capacities, activitiesIn(hospital.guideline ?? {}));
      if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
      // Two that replace at the same moment do it one after the other.
      await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('ward_capacity ' || $1::text, 0))`, [
        hospital.id,
      ]);
      await db.query('DELETE FROM ward_capacity WHERE hospital_id = $1', [hospital.id]);
      for (const { place, activity, perWeekday } of capacities)
        await db.query(
          `INSERT INTO ward_capacity (hospital_id, place, activity, per_weekday, changed_by, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [hospital.id, place ?? '', activity ?? '', perWeekday, caller.name, now],
        );
      return capacitiesOf(tx);
    });
  }
}

function faultsIn(capacities: readonly Capacity[], known: readonly string[]): FieldFault[] {
  const seen = new Set<string>();
  return capacities.flatMap(({ place, activity }, index): FieldFault[] => {
    const key = JSON.stringify([place, activity]);
    const isTwice = seen.has(key);
    seen.add(key);
    if (isTwice) {
      const message = msg('capacity-twice');
      return [{ pointer: `/capacities/${index}`, code: 'capacity-twice', message }];
    }
    if (activity === null || known.includes(activity)) return [];
    const message = msg('unknown-activity-here', { activity, known });
    return [{ pointer: `/capacities/${index}/activity`, code: 'unknown-activity', message }];
  });
}
