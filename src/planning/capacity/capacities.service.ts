import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import { DomainError, type FieldFault, invalid } from '../../platform/domain-error.js';
import { permitsChange } from '../../platform/http/if-match.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Capacity } from './capacity-ledger.js';
import { capacitiesOf } from './capacity-rows.js';

/** All capacities with the `ETag` of their content, and the author of the last change; null: there are none. */
export interface TaggedCapacities {
  readonly capacities: readonly Capacity[];
  readonly etag: string;
  readonly changed: { readonly by: string; readonly at: Date } | null;
}

/** What the hospital and its places can do in a day. */
@Injectable()
export class CapacitiesService {
  constructor(private readonly scope: HospitalScope) {}

  async all(): Promise<TaggedCapacities> {
    return this.scope.transaction(tagged);
  }

  /**
   * Replaces all rows. Refuses (422) an unknown activity, and two rows about the same place and activity. With `ifMatch`, only when
   * the rows are those that it names (412 `changed-meanwhile`).
   */
  async replace(capacities: readonly Capacity[], ifMatch: string | undefined): Promise<TaggedCapacities> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const faults = faultsIn(capacities, activitiesIn(hospital.guideline ?? {}));
      if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
      // Two that replace at the same moment do it one after the other.
      await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('ward_capacity ' || $1::text, 0))`, [
        hospital.id,
      ]);
      const before = await tagged(tx);
      if (!permitsChange(ifMatch, before.etag)) throw changedMeanwhile(before);
      await db.query('DELETE FROM ward_capacity WHERE hospital_id = $1', [hospital.id]);
      for (const { place, activity, perWeekday } of capacities)
        await db.query(
          `INSERT INTO ward_capacity (hospital_id, place, activity, per_weekday, changed_by, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6)`,
          [hospital.id, place ?? '', activity ?? '', perWeekday, caller.name, now],
        );
      return tagged(tx);
    });
  }
}

async function tagged(tx: HospitalTransaction): Promise<TaggedCapacities> {
  const capacities = await capacitiesOf(tx);
  const [changed = null] = await tx.db.query<{ by: string; at: Date }[]>(
    `SELECT changed_by AS "by", changed_at AS "at" FROM ward_capacity WHERE hospital_id = $1 LIMIT 1`,
    [tx.hospital.id], // all rows are written together
  );
  const digest = createHash('sha256').update(JSON.stringify(capacities)).digest('base64url');
  return { capacities, etag: `"${digest}"`, changed };
}

const changedMeanwhile = ({ capacities, etag, changed }: TaggedCapacities): DomainError =>
  new DomainError('precondition-failed', 'changed-meanwhile', msg('changed-since-read'), [], {
    changedBy: changed?.by ?? null,
    changedAt: changed?.at.toISOString() ?? null,
    etag,
    current: { capacities },
  });

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
