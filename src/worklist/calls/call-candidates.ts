import { takenByOthers } from '../changes/presence.js';
import { DEATHS } from '../contacts/signs-of-life.js';
import type { Placed } from '../lists/list-query.js';
import { type ListQuery, patientsOfList } from '../lists/lists.service.js';
import type { Channel } from '../../patients/patient-consent.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { CallSettings } from '../settings/call-settings.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { callbacksRequested } from './call-wishes.js';

/** Which patients are called: those of a list, in its order. */
export interface CallFilter extends Omit<ListQuery, 'limit' | 'after'> {
  /** Patients whom the caller leaves out. */
  readonly without?: readonly string[] | undefined;
}

const CANDIDATES_AT_A_TIME = 50;
const HOUR_MS = 3_600_000;

/** The channels of messages that announce calls. */
const MESSAGE_CHANNELS: readonly Channel[] = ['sms', 'wechat'];

/** Some patients of a list, and those among them who can be called. */
export interface CallCandidates {
  readonly callable: readonly Placed[];
  /** Those who could be called, but whose call is neither announced nor marked for an announcement. */
  readonly unannounced: readonly string[];
  /** The last patient looked at; null: the list has ended. */
  readonly last: Placed | null;
}

/** The next patients of the list behind `after`. Five queries at most. */
export async function callCandidates(
  tx: HospitalTransaction,
  { without = [], ...filter }: CallFilter,
  after: Placed | undefined,
): Promise<CallCandidates> {
  const placed = await patientsOfList(tx, { ...filter, after, limit: CANDIDATES_AT_A_TIME });
  const ids = placed.map(({ patientId }) => patientId).filter((id) => !without.includes(id));
  const found = await callableAmong(tx, ids, (await worklistSettings(tx)).calls);
  const offered = new Set(found.filter(({ isHeld }) => !isHeld).map(({ id }) => id));
  const unnoted = new Set(found.filter(({ isHeld, isWanted }) => isHeld && !isWanted).map(({ id }) => id));
  return {
    callable: placed.filter(({ patientId }) => offered.has(patientId)),
    unannounced: ids.filter((id) => unnoted.has(id)),
    last: placed.length < CANDIDATES_AT_A_TIME ? null : (placed.at(-1) ?? null),
  };
}

const CALLBACKS_AT_A_TIME = 20;

/** The patients who asked to be called and can be called, the longest waiting first; none of them has to be announced. */
export async function callableCallbacks(tx: HospitalTransaction): Promise<readonly string[]> {
  const ids = await callbacksRequested(tx, CALLBACKS_AT_A_TIME);
  if (ids.length === 0) return [];
  const callable = new Set((await callableAmong(tx, ids, { announce: null })).map(({ id }) => id));
  return ids.filter((id) => callable.has(id));
}

/** Whether the caller can call this patient now, resting or called today or not. */
export async function isCallable(tx: HospitalTransaction, patientId: string): Promise<boolean> {
  return (await callableAmong(tx, [patientId], { announce: null, again: true })).length > 0;
}

interface Callable {
  readonly id: string;
  /** Whether call mode waits for the announcement of the call. */
  readonly isHeld: boolean;
  readonly isWanted: boolean;
}

/**
 * Those of these patients for whom a number is known, who live, did not refuse calls, and with whom no other caller
 * works. Without `again`, only those who do not rest and were not called today. Two queries.
 *
 * Where calls are announced, a patient who takes messages is held until the announcement has left, and not longer than
 * the hospital says: a gateway that fails must not keep anybody from being called.
 */
async function callableAmong(
  tx: HospitalTransaction,
  patientIds: readonly string[],
  { announce, again = false }: Pick<CallSettings, 'announce'> & { readonly again?: boolean },
): Promise<readonly Callable[]> {
  const { db, hospital, today, now, caller } = tx;
  const offeredAnyway =
    announce === null ? now : new Date(now.getTime() - announce.waitAtMostHours * HOUR_MS);
  const rows = await db.query<Callable[]>(
    `SELECT p.id, c.call_wanted_at IS NOT NULL AS "isWanted",
            $7 AND NOT coalesce(c.call_from <= $5, false) AND NOT coalesce(c.call_wanted_at <= $8, false)
              AND (SELECT 'given' = ANY (array_agg(newest.decision)) FROM (
                SELECT DISTINCT ON (s.channel) s.decision FROM patient_consent s
                 WHERE s.hospital_id = p.hospital_id AND s.patient_id = p.id AND s.channel = ANY ($9)
                 ORDER BY s.channel, s.ordinal DESC) AS newest) IS TRUE AS "isHeld"
       FROM patient p LEFT JOIN patient_contact c ON c.hospital_id = p.hospital_id AND c.patient_id = p.id
      WHERE p.hospital_id = $1 AND p.id = ANY ($2)
        AND (p.phone IS NOT NULL OR EXISTS (SELECT FROM patient_relative r WHERE r.hospital_id = p.hospital_id
               AND r.patient_id IN (SELECT p.id UNION ALL SELECT m.id FROM patient m WHERE m.hospital_id = p.hospital_id AND m.merged_into = p.id)
               AND r.removed_at IS NULL AND r.phone IS NOT NULL))
        AND NOT EXISTS (SELECT FROM clinical_event e WHERE e.hospital_id = p.hospital_id AND e.patient_id = p.id
               AND e.voided_at IS NULL AND e.type = ANY ($3))
        AND (SELECT s.decision FROM patient_consent s WHERE s.hospital_id = p.hospital_id AND s.patient_id = p.id
               AND s.channel = 'phone' ORDER BY s.ordinal DESC LIMIT 1) IS DISTINCT FROM 'withdrawn'
        AND ((NOT $10 AND (c.rests_until > $4 OR c.last_called_on = $4)) OR (c.claimed_until > $5 AND c.claimed_by <> $6)) IS NOT TRUE`,
    [
      ...[hospital.id, patientIds, DEATHS, today, now, caller.id],
      ...[announce !== null, offeredAnyway, MESSAGE_CHANNELS, again],
    ],
  );
  const taken = await takenByOthers(tx, patientIds);
  return rows.filter(({ id }) => !taken.has(id));
}
