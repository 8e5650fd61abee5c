import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { DomainError, type FieldFault, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Caller } from '../../tenancy/caller.js';
import {
  beyondPatientScope,
  HospitalScope,
  type HospitalTransaction,
  notePatient,
} from '../../tenancy/hospital-scope.js';
import { recordChanges } from '../changes/worklist-changes.js';
import { type ListQuery, patientsOfList } from '../lists/lists.service.js';
import type { CommonFilter } from '../lists/worklist-query.js';
import { knownPerson, personAbleToOwn } from '../ownership/able-person.js';
import { type DatedHandover, handoverConflict } from './handover-conflicts.js';
import { ownedBy } from '../ownership/owned-patients.js';
import type { Staff, StaffMember } from '../ownership/owners.js';
import { staffOf } from '../ownership/staff-rows.js';

export const MOST_DAYS = 366;
export const MOST_PATIENTS = 500;
/** Of a hospital, which are not over yet. A new one is compared with all of them. */
export const MOST_HANDOVERS = 500;

export interface HandoverInput {
  readonly from: string;
  readonly to: string;
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
  /** Undefined: all patients of `from`. */
  readonly patientIds?: readonly string[];
  /** Instead of `patientIds`: those of the person's patients who are on this list now. */
  readonly list?: HandedOverList;
}

/** A list with its filters. */
export type HandedOverList = Pick<ListQuery, 'list'> & CommonFilter;

export type HandoverState = 'coming' | 'running' | 'over' | 'cancelled';

export interface Handover {
  readonly id: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly to: { readonly id: string; readonly name: string };
  readonly firstDay: CalendarDate;
  readonly lastDay: CalendarDate;
  readonly allPatients: boolean;
  /** Those among the single patients whom the caller sees. */
  readonly patientIds: readonly string[];
  readonly state: HandoverState;
  readonly author: string;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
  readonly cancelledBy: string | null;
}

/**
 * Who stands in for whom, on each day from a first to a last one. Nothing has to begin or end a handover: who owns what
 * is asked of the dates.
 */
@Injectable()
export class Handovers {
  constructor(private readonly scope: HospitalScope) {}

  /** Refuses (409) a second stand-in for one person and patient on one day, and a circle; see `handoverConflict`. */
  async create(input: HandoverInput): Promise<Handover> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now, caller } = tx;
      refuseDays(tx, input);
      await lockHandovers(tx);
      const staff = await staffOf(tx);
      const from = knownPerson(staff, input.from, '/from');
      const to = personAbleToOwn(staff, input.to, '/to');
      refuseOthers(caller, from.id);
      const patientIds = await patientsOf(tx, input);
      await refuseUnseen(tx, from, to, patientIds);
      const existing = await notOver(tx);
      if (existing.length >= MOST_HANDOVERS)
        throw new DomainError(
          'conflict',
          'too-many-handovers',
          msg('too-many-handovers', { limit: MOST_HANDOVERS }),
        );
      await refuseConflict(tx, existing, { ...input, patientIds: patientIds && new Set(patientIds) });
      const id = uuidv7();
      await db.query(
        `INSERT INTO handover (id, hospital_id, from_person, to_person, first_day, last_day, all_patients, author, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          ...[id, hospital.id, from.id, to.id, input.firstDay, input.lastDay, patientIds === null],
          ...[caller.name, now],
        ],
      );
      if (patientIds)
        await db.query(
          `INSERT INTO handover_patient (hospital_id, handover_id, patient_id) SELECT $1, $2, unnest($3::uuid[])`,
          [hospital.id, id, patientIds],
        );
      const handover = await one(tx, id);
      if (handover.state === 'running') await recordOwnerChanges(tx, staff, from.id, patientIds);
      return handover;
    });
  }

  /** The newest first, those before `before`; of one person, given or taken, where named. */
  async list(
    limit: number,
    { before, personId }: { readonly before?: string; readonly personId?: string },
  ): Promise<readonly Handover[]> {
    return this.scope.transaction((tx) =>
      handovers(
        tx,
        `($2::uuid IS NULL OR h.id < $2) AND ($3::uuid IS NULL OR $3 IN (h.from_person, h.to_person))
         ORDER BY h.id DESC LIMIT $4`,
        [before ?? null, personId ?? null, limit],
      ),
    );
  }

  /** Ends a handover before its last day; the patients are back at once. Repeated, or once it is over, it changes nothing. */
  async cancel(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      await lockHandovers(tx);
      const handover = await one(tx, id);
      refuseOthers(tx.caller, handover.from.id);
      if (handover.state === 'cancelled' || handover.state === 'over') return;
      await tx.db.query(
        'UPDATE handover SET cancelled_at = $3, cancelled_by = $4 WHERE hospital_id = $1 AND id = $2',
        [tx.hospital.id, id, tx.now, tx.caller.name],
      );
      const single = handover.allPatients ? null : handover.patientIds;
      if (handover.state === 'running')
        await recordOwnerChanges(tx, await staffOf(tx), handover.from.id, single);
    });
  }
}

/** The patients whom the handover names, each once; null: all of the person's. */
async function patientsOf(
  tx: HospitalTransaction,
  { from, patientIds, list }: HandoverInput,
): Promise<readonly string[] | null> {
  if (list) return patientsOnList(tx, from, list);
  if (patientIds === undefined) return null;
  const ids = [...new Set(patientIds)];
  await refuseUnknownPatients(tx, ids);
  return ids;
}

/** Refuses (422) a list on which the person has no patient, or more than a handover can name. */
async function patientsOnList(
  tx: HospitalTransaction,
  from: string,
  list: HandedOverList,
): Promise<readonly string[]> {
  const placed = await patientsOfList(tx, { ...list, owner: from, limit: MOST_PATIENTS + 1 });
  if (placed.length === 0) refuse('/list', 'handover-list-empty', msg('handover-list-empty'));
  if (placed.length > MOST_PATIENTS)
    refuse('/list', 'handover-list-long', msg('handover-list-long', { limit: MOST_PATIENTS }));
  for (const { patientId } of placed) notePatient(patientId);
  return placed.map(({ patientId }) => patientId);
}

/** More changes than this, and the readers of the stream load everything again. */
const MOST_CHANGES = 1001;

/** Says to the readers of the lists whose owner has changed: of these patients, or of all whom the person owns by `staff`. */
async function recordOwnerChanges(
  tx: HospitalTransaction,
  staff: Staff,
  personId: string,
  patientIds: readonly string[] | null,
): Promise<void> {
  if (patientIds) return recordChanges(tx, patientIds, 'owner');
  const { condition, parameters } = ownedBy(staff, personId);
  const values: unknown[] = [];
  const bind = (name: string): string => {
    values.push(parameters[name]);
    return `$${values.length}`;
  };
  const rows = await beyondPatientScope(tx, () =>
    tx.db.query<{ id: string }[]>(
      `SELECT p.id FROM patient p WHERE p.hospital_id = current_hospital() AND p.merged_into IS NULL
          AND ${condition('p', bind)} LIMIT ${MOST_CHANGES}`,
      values,
    ),
  );
  await recordChanges(
    tx,
    rows.map(({ id }) => id),
    'owner',
  );
}

/** Two at the same moment must not make a circle, or two stand-ins: each waits for the other. */
const lockHandovers = ({ db, hospital }: HospitalTransaction): Promise<unknown> =>
  db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`handovers ${hospital.id}`]);

const refuse = (pointer: string, code: string, message: Message, more: FieldFault[] = []): never => {
  throw invalid(code, message, [{ pointer, code, message }, ...more]);
};

function refuseDays({ today }: HospitalTransaction, { from, to, firstDay, lastDay }: HandoverInput): void {
  if (from === to) refuse('/to', 'handover-to-oneself', msg('handover-to-oneself'));
  if (lastDay < firstDay) refuse('/lastDay', 'handover-days', msg('handover-days', { firstDay, lastDay }));
  if (lastDay < today) refuse('/lastDay', 'handover-over', msg('handover-over', { lastDay, today }));
  if (addDays(firstDay, MOST_DAYS) <= lastDay)
    refuse('/lastDay', 'handover-too-long', msg('handover-too-long', { days: MOST_DAYS }));
}

/** A nurse or clinician hands over what is theirs; a head nurse, an administrator and a key of another system, anybody's. */
function refuseOthers({ kind, id, roles }: Caller, from: string): void {
  if (kind !== 'person' || id === from) return;
  if (roles.includes('head_nurse') || roles.includes('hospital_admin')) return;
  throw new DomainError('forbidden', 'handover-not-yours', msg('handover-not-yours'));
}

async function refuseUnknownPatients(
  { db, hospital }: HospitalTransaction,
  ids: readonly string[],
): Promise<void> {
  const rows = await db.query<{ id: string }[]>(
    'SELECT id FROM patient WHERE hospital_id = $1 AND id = ANY ($2) AND merged_into IS NULL',
    [hospital.id, ids],
  );
  const known = new Set(rows.map(({ id }) => id));
  for (const id of known) notePatient(id);
  const faults = ids.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ pointer: `/patientIds/${index}`, code: 'unknown-patient', message: msg('unknown-patients') }],
  );
  if (faults.length > 0) throw invalid('unknown-patient', msg('unknown-patients'), faults);
}

/** Refuses (422) a stand-in who does not see some of the patients; says how many, also of those whom the caller does not see. */
async function refuseUnseen(
  tx: HospitalTransaction,
  from: StaffMember,
  to: StaffMember,
  patientIds: readonly string[] | null,
): Promise<void> {
  const count = async (): Promise<number> => {
    const [{ unseen }] = await tx.db.query<[{ unseen: number }]>(
      `SELECT count(*)::integer AS unseen FROM patient p
        WHERE p.hospital_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL
          AND p.id IN (SELECT unnest($2::uuid[])
                       UNION ALL SELECT id FROM patient WHERE $2::uuid[] IS NULL AND hospital_id = $1 AND responsible_person_id = $3
                       UNION ALL SELECT patient_id FROM patient_owner WHERE $2::uuid[] IS NULL AND hospital_id = $1 AND person_id = $3)
          AND p.responsible_person_id IS DISTINCT FROM $4
          AND ($5 OR p.department IS NOT NULL AND p.department <> ALL ($6::text[]))`,
      [tx.hospital.id, patientIds, from.id, to.id, to.ownPatientsOnly, to.departments],
    );
    return unseen;
  };
  const unseen = await beyondPatientScope(tx, count);
  if (unseen > 0)
    refuse('/to', 'owner-cannot-see', msg('stand-in-cannot-see', { name: to.name, patients: unseen }));
}

/** All that are not over yet. */
async function notOver(tx: HospitalTransaction): Promise<DatedHandover[]> {
  const rows = await beyondPatientScope(tx, () =>
    tx.db.query<(Omit<DatedHandover, 'patientIds'> & { allPatients: boolean; patientIds: string[] })[]>(
      `SELECT h.id, h.from_person AS "from", h.to_person AS "to", h.first_day AS "firstDay", h.last_day AS "lastDay",
              h.all_patients AS "allPatients",
              array(SELECT p.patient_id FROM handover_patient p WHERE p.hospital_id = $1 AND p.handover_id = h.id) AS "patientIds"
         FROM handover h WHERE h.hospital_id = $1 AND h.cancelled_at IS NULL AND h.last_day >= $2 ORDER BY h.id`,
      [tx.hospital.id, tx.today],
    ),
  );
  return rows.map(({ allPatients, patientIds, ...handover }) => ({
    ...handover,
    patientIds: allPatients ? null : new Set(patientIds),
  }));
}

async function refuseConflict(
  tx: HospitalTransaction,
  existing: readonly DatedHandover[],
  asked: Omit<DatedHandover, 'id'>,
): Promise<void> {
  const conflict = handoverConflict(existing, asked);
  if (conflict === null) return;
  const { code } = conflict;
  const { id, from, to, firstDay, lastDay, author } = await one(tx, conflict.other);
  const message = msg(code, { id, author });
  throw new DomainError('conflict', code, message, [{ pointer: '/firstDay', code, message }], {
    other: { id, from, to, firstDay, lastDay, author },
  });
}

async function one(tx: HospitalTransaction, id: string): Promise<Handover> {
  const [handover] = await handovers(tx, 'h.id = $2', [id]);
  if (!handover) throw notFound('handover', id);
  return handover;
}

type HandoverRow = Omit<Handover, 'state' | 'from' | 'to'> & {
  readonly fromId: string;
  readonly fromName: string;
  readonly toId: string;
  readonly toName: string;
};

/** The first parameter is the hospital. */
async function handovers(
  { db, hospital, today }: HospitalTransaction,
  which: string,
  parameters: readonly unknown[],
): Promise<Handover[]> {
  const rows = await db.query<HandoverRow[]>(
    `SELECT h.id, h.first_day AS "firstDay", h.last_day AS "lastDay", h.all_patients AS "allPatients", h.author,
            h.created_at AS "createdAt", h.cancelled_at AS "cancelledAt", h.cancelled_by AS "cancelledBy",
            f.id AS "fromId", f.name AS "fromName", t.id AS "toId", t.name AS "toName",
            array(SELECT p.patient_id FROM handover_patient p WHERE p.hospital_id = $1 AND p.handover_id = h.id ORDER BY 1) AS "patientIds"
       FROM handover h JOIN person f ON f.hospital_id = $1 AND f.id = h.from_person
       JOIN person t ON t.hospital_id = $1 AND t.id = h.to_person
      WHERE h.hospital_id = $1 AND ${which}`,
    [hospital.id, ...parameters],
  );
  return rows.map(({ fromId, fromName, toId, toName, ...handover }) => {
    for (const id of handover.patientIds) notePatient(id);
    return {
      ...handover,
      ...{ from: { id: fromId, name: fromName }, to: { id: toId, name: toName } },
      state: stateOf(handover, today),
    };
  });
}

const stateOf = (
  { cancelledAt, firstDay, lastDay }: Pick<Handover, 'cancelledAt' | 'firstDay' | 'lastDay'>,
  today: CalendarDate,
): HandoverState =>
  cancelledAt !== null ? 'cancelled' : lastDay < today ? 'over' : firstDay > today ? 'coming' : 'running';
