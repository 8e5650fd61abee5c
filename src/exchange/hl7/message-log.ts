import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NUMBER_INDEX } from '../../encryption/table-declaration.js';
import type { Message } from '../../guideline/message.js';
import { notFound } from '../../platform/domain-error.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { MessageOutcome } from './message-outcome.js';

export type ReceivedBy = 'http' | 'mllp';

/** What is known of a stored message without its content. */
export interface StoredMessage {
  readonly id: string;
  readonly sender: string;
  readonly controlId: string;
  readonly digest: string;
  readonly type: string;
  readonly event: string;
  readonly receivedBy: ReceivedBy;
  readonly callerName: string;
  readonly receivedAt: Date;
  readonly processedAt: Date;
  readonly outcome: MessageOutcome;
  readonly patientIds: readonly string[];
  readonly eventIds: readonly string[];
}

/** Sealed beside it, because a text may quote what the message says. */
export interface MessageDetail {
  readonly notes: readonly Message[];
  /** Why it was refused. */
  readonly refusal?: {
    readonly code: string;
    readonly text: Message;
    readonly faults: readonly { readonly pointer: string; readonly message: Message }[];
  };
}

export interface MessageQuery {
  readonly controlId?: string | undefined;
  readonly outcome?: MessageOutcome | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

const COLUMNS = `id, sender, control_id AS "controlId", digest, type, event, received_by AS "receivedBy", caller_name AS "callerName",
  received_at AS "receivedAt", processed_at AS "processedAt", outcome, patient_ids AS "patientIds", event_ids AS "eventIds"`;

export const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Every message that was read, sealed, with what became of it. */
@Injectable()
export class MessageLog {
  /** The stored message of this sender and control id. Messages with the same two wait for each other until the transaction ends. */
  async lockSame(
    { db, hospital }: HospitalTransaction,
    sender: string,
    controlId: string,
  ): Promise<(StoredMessage & { readonly sealedDetail: string }) | undefined> {
    await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('hl7 ' || $1, 0))`, [
      JSON.stringify([hospital.id, sender, controlId]),
    ]);
    const [row] = await db.query<(StoredMessage & { sealedDetail: string })[]>(
      `SELECT ${COLUMNS}, detail AS "sealedDetail" FROM hl7_message WHERE hospital_id = $1 AND sender = $2 AND control_id = $3`,
      [hospital.id, sender, controlId],
    );
    return row;
  }

  async detailOf(tx: HospitalTransaction, id: string, sealed: string): Promise<MessageDetail> {
    return JSON.parse((await tx.keys([sealed])).open(sealed, place('detail', id))) as MessageDetail;
  }

  /** With the `numbers` of the people whom it names. Stores the message, or what became of it when it was processed again. */
  async store(
    tx: HospitalTransaction,
    message: StoredMessage,
    content: Buffer,
    detail: MessageDetail,
    numbers: readonly string[],
  ): Promise<void> {
    const keys = await tx.keys();
    await tx.db.query(
      `INSERT INTO hl7_message (hospital_id, id, sender, control_id, digest, type, event, received_by, caller_name, received_at,
         processed_at, outcome, patient_ids, patient_id, event_ids, detail, content, number_keys)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ($13::uuid[])[1], $14, $15, $16, $17)
       ON CONFLICT (hospital_id, sender, control_id) DO UPDATE
         SET digest = excluded.digest, processed_at = excluded.processed_at, outcome = excluded.outcome,
             patient_ids = excluded.patient_ids, patient_id = excluded.patient_id, event_ids = excluded.event_ids, detail = excluded.detail, content = excluded.content,
             number_keys = excluded.number_keys`,
      [
        ...[
          tx.hospital.id,
          message.id,
          message.sender,
          message.controlId,
          message.digest,
          message.type,
          message.event,
        ],
        ...[message.receivedBy, message.callerName, message.receivedAt, message.processedAt, message.outcome],
        ...[message.patientIds, message.eventIds],
        keys.seal(JSON.stringify(detail), place('detail', message.id)),
        keys.seal(content.toString('base64'), place('content', message.id)),
        numbers.map((number) => keys.blindIndex(NUMBER_INDEX, number)),
      ],
    );
  }

  /** The newest first; one more than `limit` says that there are more. */
  async list({ db, hospital }: HospitalTransaction, query: MessageQuery): Promise<readonly StoredMessage[]> {
    return db.query<StoredMessage[]>(
      `SELECT ${COLUMNS} FROM hl7_message
        WHERE hospital_id = $1 AND ($2::text IS NULL OR control_id = $2) AND ($3::text IS NULL OR outcome = $3)
          AND ($4::uuid IS NULL OR id < $4)
        ORDER BY id DESC LIMIT $5`,
      [hospital.id, query.controlId ?? null, query.outcome ?? null, query.before ?? null, query.limit + 1],
    );
  }

  async find(
    tx: HospitalTransaction,
    id: string,
  ): Promise<{ readonly message: StoredMessage; readonly detail: MessageDetail; readonly content: Buffer }> {
    const [row] = await tx.db.query<(StoredMessage & { sealedDetail: string; content: string })[]>(
      `SELECT ${COLUMNS}, detail AS "sealedDetail", content FROM hl7_message WHERE hospital_id = $1 AND id = $2`,
      [tx.hospital.id, id],
    );
    if (!row) throw notFound('hl7-message', id);
    const { sealedDetail, content, ...message } = row;
    const opened = (await tx.keys([content])).open(content, place('content', id));
    return {
      message,
      detail: await this.detailOf(tx, id, sealedDetail),
      content: Buffer.from(opened, 'base64'),
    };
  }
}

const place = (column: string, row: string) => ({ table: 'hl7_message', column, row });
