import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import type { SealContext } from '../../encryption/hospital-keys.js';
import { Consents } from '../../patients/consents.service.js';
import { PatientsService } from '../../patients/patients.service.js';
import { invalid, notFound } from '../../platform/domain-error.js';
import { nextCursor } from '../../platform/http/paging.js';
import { msg } from '../../platform/messages/dictionary.js';
import {
  beyondPatientScope,
  HospitalScope,
  type HospitalTransaction,
  notePatient,
} from '../../tenancy/hospital-scope.js';
import { seesIdentity } from '../../tenancy/rights.js';
import { confirmAppointment } from '../../worklist/appointments/confirmed-appointment.js';
import { requestCallback } from '../../worklist/calls/call-wishes.js';
import { recordChanges } from '../../worklist/changes/worklist-changes.js';
import { DEFAULT_SETTINGS, messageSettings } from '../settings/message-settings.js';
import { type Meaning, meaningOf } from './reply-meaning.js';
import { patientsReplying, type ReplyingPatient } from './replying-patients.js';
import type {
  Effect,
  ReceivedReplyView,
  RepliesQuery,
  RepliesView,
  ReplyInput,
  ReplyView,
} from './reply-schemas.js';

/** The name under which the program records what a reply changes. */
const AUTHOR = 'patient (reply)';
/** The clocks of gateways differ a little. */
const AHEAD_MS = 10 * 60_000;

/** Replies of patients to messages. */
@Injectable()
export class Replies {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly consents: Consents,
  ) {}

  /**
   * Records a reply with its effect, both or neither. A number that several patients have changes nothing but consent: who
   * replied is not guessed, and a number that wants no messages gets none about anybody.
   */
  async receive(input: ReplyInput): Promise<ReceivedReplyView> {
    return this.scope.transaction(async (tx) => {
      if (Date.parse(input.at) > tx.now.getTime() + AHEAD_MS) throw inFuture(input.at);
      // The sender is a gateway: which patients it may see does not matter, and it sees none.
      return beyondPatientScope(tx, async () => {
        const known = input.id === undefined ? undefined : await this.lockedById(tx, input.id);
        if (known) return known;
        const meaning = meaningOf(input.text);
        const replying = await patientsReplying(tx, input.from);
        for (const { patientId } of replying) {
          await this.patients.lock(tx, patientId);
          notePatient(patientId);
        }
        const effect = await this.effectOf(tx, meaning, replying);
        return this.save(tx, { input, meaning, effect, replying });
      });
    });
  }

  private async effectOf(
    tx: HospitalTransaction,
    meaning: Meaning,
    replying: readonly ReplyingPatient[],
  ): Promise<Effect> {
    const [patient, another] = replying;
    if (patient === undefined) return 'unknown_number';
    if (meaning === 'opt_out') {
      const { channel } = (await messageSettings(tx))?.settings ?? DEFAULT_SETTINGS;
      for (const { patientId } of replying)
        await this.consents.recordOf(tx, patientId, { channel, decision: 'withdrawn', author: AUTHOR });
      return 'opted_out';
    }
    if (another !== undefined) return 'ambiguous';
    if (meaning === 'call') {
      await requestCallback(tx, patient.patientId);
      return 'call_requested';
    }
    if (meaning === 'other') return 'shown';
    const confirmed = await confirmAppointment(
      tx,
      patient.patientId,
      await appointmentsInMessages(tx, patient.patientId),
    );
    return confirmed === null ? 'nothing_to_confirm' : 'confirmed';
  }

  private async save(
    tx: HospitalTransaction,
    reply: {
      readonly input: ReplyInput;
      readonly meaning: Meaning;
      readonly effect: Effect;
      readonly replying: readonly ReplyingPatient[];
    },
  ): Promise<ReceivedReplyView> {
    const { db, hospital, now } = tx;
    const { input, meaning, effect, replying } = reply;
    const id = uuid();
    const keys = await tx.keys();
    await db.query(
      `INSERT INTO patient_reply (id, hospital_id, external_id, number, text, meaning, effect, received_at, recorded_at, patient_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[id, hospital.id, input.id ?? null, keys.seal(input.from, contextOf(id, 'number'))],
        ...[keys.seal(input.text, contextOf(id, 'text')), meaning, effect, input.at, now],
        replying.length === 1 ? replying[0]?.patientId : null,
      ],
    );
    const patientIds = replying.map(({ patientId }) => patientId);
    await db.query(
      `INSERT INTO patient_reply_patient (hospital_id, reply_id, patient_id, relative_id)
       SELECT $1, $2, r.* FROM unnest($3::uuid[], $4::uuid[]) AS r`,
      [hospital.id, id, patientIds, replying.map(({ relativeId }) => relativeId)],
    );
    await recordChanges(tx, patientIds, 'contact');
    return { id, meaning, effect };
  }

  /** The reply that the gateway has reported before. Of two simultaneous reports the second waits here. */
  private async lockedById(
    { db, hospital }: HospitalTransaction,
    externalId: string,
  ): Promise<ReceivedReplyView | undefined> {
    await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `reply|${hospital.id}|${externalId}`,
    ]);
    const [known] = await db.query<ReceivedReplyView[]>(
      'SELECT id, meaning, effect FROM patient_reply WHERE hospital_id = $1 AND external_id = $2',
      [hospital.id, externalId],
    );
    return known;
  }

  /** The oldest first; unseen ones, unless `seen` asks for all. */
  async list({ patientId, seen, cursor, limit }: RepliesQuery): Promise<RepliesView> {
    return this.scope.transaction(async (tx) => {
      const rows = await tx.db.query<Row[]>(rowsWhere(seen === 'false', patientId !== undefined), [
        ...[tx.hospital.id, limit + 1, ...(cursor ?? ['-infinity', '00000000-0000-0000-0000-000000000000'])],
        ...(patientId === undefined ? [] : [patientId]),
      ]);
      return {
        items: await opened(tx, rows.slice(0, limit)),
        nextCursor: nextCursor(rows, limit, ({ recordedAt, id }) => [recordedAt.toISOString(), id]),
      };
    });
  }

  /** Marks a reply as seen by the caller. Idempotent: the first one who saw it stays. */
  async markSeen(id: string): Promise<ReplyView> {
    return this.scope.transaction(async (tx) => {
      await tx.db.query(
        `UPDATE patient_reply SET seen_at = $3, seen_by = $4 WHERE hospital_id = $1 AND id = $2 AND seen_at IS NULL`,
        [tx.hospital.id, id, tx.now, tx.caller.name],
      );
      const rows = await tx.db.query<Row[]>(`${ROWS} AND r.id = $2`, [tx.hospital.id, id]);
      const [reply] = await opened(tx, rows);
      if (!reply) throw notFound('reply', id);
      return reply;
    });
  }
}

const contextOf = (row: string, column: 'number' | 'text'): SealContext => ({
  table: 'patient_reply',
  column,
  row,
});

const inFuture = (at: string): Error => {
  const message = msg('reply-in-future', { at });
  return invalid('invalid-input', msg('invalid-input'), [{ pointer: '/at', code: 'in-the-future', message }]);
};

/** The appointments of which the patient was informed, the newest message first. */
async function appointmentsInMessages(
  { db, hospital }: HospitalTransaction,
  patientId: string,
): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT appointment_id AS id FROM patient_message
      WHERE hospital_id = $1 AND patient_id = $2 AND appointment_id IS NOT NULL AND first_tried_at IS NOT NULL
      ORDER BY created_at DESC, id DESC LIMIT 20`,
    [hospital.id, patientId],
  );
  return rows.map(({ id }) => id);
}

interface Row extends Omit<ReplyView, 'from' | 'at' | 'seenAt'> {
  readonly number: string | null;
  readonly receivedAt: Date;
  readonly recordedAt: Date;
  readonly seenAt: Date | null;
}

const ROWS = `
  SELECT r.id, r.number, r.text, r.meaning, r.effect, r.received_at AS "receivedAt", r.recorded_at AS "recordedAt",
         r.seen_at AS "seenAt", r.seen_by AS "seenBy",
         ARRAY(SELECT p.patient_id FROM patient_reply_patient p WHERE p.hospital_id = r.hospital_id AND p.reply_id = r.id
                ORDER BY p.patient_id) AS "patientIds"
    FROM patient_reply r WHERE r.hospital_id = $1`;

const rowsWhere = (unseenOnly: boolean, ofPatient: boolean): string => `${ROWS}
   ${unseenOnly ? 'AND r.seen_at IS NULL' : ''}
   ${ofPatient ? 'AND r.id IN (SELECT reply_id FROM patient_reply_patient WHERE hospital_id = $1 AND patient_id = $5)' : ''}
   AND (date_trunc('milliseconds', r.recorded_at), r.id) > ($3::timestamptz, $4::uuid)
   ORDER BY date_trunc('milliseconds', r.recorded_at), r.id LIMIT $2`;

async function opened(tx: HospitalTransaction, rows: readonly Row[]): Promise<ReplyView[]> {
  const sees = seesIdentity(tx.caller);
  const keys = await tx.keys(rows.flatMap(({ number, text }) => [number, text]));
  const open = (row: string, column: 'number' | 'text', value: string | null): string | null =>
    value === null || !sees ? null : keys.open(value, contextOf(row, column));
  return rows.map(({ id, number, text, meaning, effect, receivedAt, seenAt, seenBy, patientIds }) => {
    for (const patientId of patientIds) notePatient(patientId);
    return {
      ...{ id, meaning, effect, patientIds, seenBy },
      ...{ from: open(id, 'number', number), text: open(id, 'text', text), at: receivedAt.toISOString() },
      seenAt: seenAt?.toISOString() ?? null,
    };
  });
}
