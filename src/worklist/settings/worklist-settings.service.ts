import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { permitsChange } from '../../platform/http/if-match.js';
import { pointerTo } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { readSettings, type WorklistSettings } from './worklist-settings.js';

/** Settings with the `ETag` of their content, and the author of the last change; null: the defaults. */
export interface TaggedSettings {
  readonly settings: WorklistSettings;
  readonly etag: string;
  readonly changed: { readonly by: string; readonly at: Date } | null;
}

interface SettingsRow {
  readonly settings: unknown;
  readonly by: string;
  readonly at: Date;
}

@Injectable()
export class WorklistSettingsService {
  constructor(private readonly scope: HospitalScope) {}

  async get(): Promise<TaggedSettings> {
    return this.scope.transaction(async (tx) => tagged(await rowOf(tx)));
  }

  /** Replaces all sections. With `ifMatch`, only when the settings are those that it names (412 `changed-meanwhile`). */
  async replace(settings: WorklistSettings, ifMatch: string | undefined): Promise<TaggedSettings> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now, caller } = tx;
      refuseUnknownActivities(settings, activitiesIn(hospital.guideline ?? {}));
      // The row is made first, so that two first changes wait for each other.
      await db.query(
        `INSERT INTO worklist_settings (hospital_id, settings, changed_by, changed_at) VALUES ($1, '{}', '', $2)
         ON CONFLICT DO NOTHING`,
        [hospital.id, now],
      );
      const before = tagged(await rowOf(tx, 'FOR UPDATE'));
      if (!permitsChange(ifMatch, before.etag)) throw changedMeanwhile(before);
      await db.query(
        'UPDATE worklist_settings SET settings = $2, changed_by = $3, changed_at = $4 WHERE hospital_id = $1',
        [hospital.id, JSON.stringify(settings), caller.name, now],
      );
      return tagged({ settings, by: caller.name, at: now });
    });
  }
}

async function rowOf(
  { db, hospital }: HospitalTransaction,
  lock: '' | 'FOR UPDATE' = '',
): Promise<SettingsRow | undefined> {
  const [row] = await db.query<SettingsRow[]>(
    `SELECT settings, changed_by AS "by", changed_at AS "at" FROM worklist_settings WHERE hospital_id = $1 ${lock}`,
    [hospital.id],
  );
  return row;
}

function tagged(row: SettingsRow | undefined): TaggedSettings {
  const settings = readSettings(row?.settings);
  const digest = createHash('sha256').update(JSON.stringify(settings)).digest('base64url');
  const changed = row === undefined || row.by === '' ? null : { by: row.by, at: row.at };
  return { settings, etag: `"${digest}"`, changed };
}

const changedMeanwhile = ({ settings, etag, changed }: TaggedSettings): DomainError =>
  new DomainError('precondition-failed', 'changed-meanwhile', msg('changed-since-read'), [], {
    changedBy: changed?.by ?? null,
    changedAt: changed?.at.toISOString() ?? null,
    etag,
    current: settings,
  });

/** Refuses (422) a preparation for an activity that neither the program nor the hospital's guideline knows: a slip of the pen. */
function refuseUnknownActivities({ calls }: WorklistSettings, known: readonly string[]): void {
  const faults = Object.keys(calls.preparation)
    .filter((activity) => !known.includes(activity))
    .map((activity) => ({
      pointer: pointerTo(['calls', 'preparation', activity]),
      code: 'unknown-activity',
      message: msg('unknown-activity-here', { activity, known }),
    }));
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}
