import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NUMBER_INDEX } from '../../encryption/table-declaration.js';
import type { Message } from '../../guideline/message.js';
import { notFound } from '../../platform/domain-error.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Act } from '../inbound/applied-change.js';
import type { ChangedItem } from '../inbound/changed-item.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { MAPPING_IN_FORCE, type MappingColumns, StoredMappings } from '../mappings/stored-mappings.js';
import { MOST_NAMED } from './known-records.js';
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
  /** When and by whom what the message did was taken back. */
  readonly voidedAt: Date | null;
  readonly voidedBy: string | null;
}

/** A message that came before, with the same sender and control id. */
export interface SameMessage extends StoredMessage {
  readonly sealedDetail: string;
}

/** Sealed beside it, because a text may quote what the message says. */
export interface MessageDetail {
  readonly notes: readonly Message[];
  /** What it did, in order. Messages of earlier versions have none. */
  readonly acts?: readonly Act[];
  /** What it changed in the plans of patients, on the day on which it was processed. */
  readonly changes?: readonly ChangedItem[];
  /** Why it was taken back. */
  readonly voidReason?: string;
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
  /** MSH-3, or MSH-3 and MSH-4 divided by `|`. */
  readonly sender?: string | undefined;
  readonly before?: string | undefined;
  /** Without requests of FHIR. */
  readonly onlyHl7?: boolean;
  readonly limit: number;
}

/** The type of a FHIR request in the log. No message of HL7 v2 has it: its types have three characters. */
export const FHIR_REQUEST = 'FHIR';

const COLUMNS = `id, sender, control_id AS "controlId", digest, type, event, received_by AS "receivedBy", caller_name AS "callerName",
  received_at AS "receivedAt", processed_at AS "processedAt", outcome, patient_ids AS "patientIds", event_ids AS "eventIds",
  voided_at AS "voidedAt", voided_by AS "voidedBy"`;

export const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Every message that was read, sealed, with what became of it. */
@Injectable()
export class MessageLog {
  constructor(private readonly mappings: StoredMappings) {}

  /**
   * The stored message of this sender and control id, if there is one, and the mapping in force. Messages with the same two
   * wait for each other until the transaction ends.
   */
  async lockSame(
    tx: HospitalTransaction,
    sender: string,
    controlId: string,
  ): Promise<{ readonly same: SameMessage | undefined; readonly mapping: Mapping }> {
    const { db, hospital } = tx;
    const [row] = await db.query<[(SameMessage | Record<keyof SameMessage, null>) & MappingColumns]>(
      `SELECT ${COLUMNS}, detail AS "sealedDetail", mapping.*
         FROM (SELECT) AS one LEFT JOIN same_hl7_message($1, $2, $3, $4) ON true LEFT JOIN (${MAPPING_IN_FORCE}) AS mapping ON true`,
      [JSON.stringify([hospital.id, sender, controlId]), hospital.id, sender, controlId],
    );
    return {
      same: row.id === null ? undefined : row,
      mapping: await this.mappings.read(tx, row),
    };
  }

  async detailOf(tx: HospitalTransaction, id: string, sealed: string): Promise<MessageDetail> {
    return JSON.parse((await tx.keys([sealed])).open(sealed, place('detail', id))) as MessageDetail;
  }

  /**
   * Stores the message, or what became of it when it was processed again. It is about the patients whom it changed, and about
   * all whom its `numbers` name, so that an erasure finds it.
   */
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
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, about.ids, about.ids[1], $14, $15, $16, $17
         FROM (SELECT array_cat($13::uuid[], ARRAY(
                 SELECT id FROM patient WHERE hospital_id = $1 AND mrn_key = ANY ($18::text[]) AND id <> ALL ($13) LIMIT ${MOST_NAMED})) AS ids) AS about
       ON CONFLICT (hospital_id, sender, control_id) DO UPDATE
         SET digest = excluded.digest, processed_at = excluded.processed_at, outcome = excluded.outcome,
             patient_ids = excluded.patient_ids, patient_id = excluded.patient_id, event_ids = excluded.event_ids, detail = excluded.detail,
             content = excluded.content, number_keys = excluded.number_keys, voided_at = NULL, voided_by = NULL`,
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
        numbers,
      ],
    );
  }

  /** Notes that what the message did was taken back. */
  async markVoided(tx: HospitalTransaction, id: string, detail: MessageDetail): Promise<void> {
    const keys = await tx.keys();
    await tx.db.query(
      'UPDATE hl7_message SET voided_at = $3, voided_by = $4, detail = $5 WHERE hospital_id = $1 AND id = $2',
      [tx.hospital.id, id, tx.now, tx.caller.name, keys.seal(JSON.stringify(detail), place('detail', id))],
    );
  }

  /** The newest first; one more than `limit` says that there are more. */
  async list({ db, hospital }: HospitalTransaction, query: MessageQuery): Promise<readonly StoredMessage[]> {
    return db.query<StoredMessage[]>(
      `SELECT ${COLUMNS} FROM hl7_message
        WHERE hospital_id = $1 AND ($2::text IS NULL OR control_id = $2) AND ($3::text IS NULL OR outcome = $3)
          AND ($4::uuid IS NULL OR id < $4) AND ($6::text IS NULL OR type <> $6)
          AND ($7::text IS NULL OR sender = $7 OR starts_with(sender, $7 || '|'))
        ORDER BY id DESC LIMIT $5`,
      [
        ...[hospital.id, query.controlId ?? null, query.outcome ?? null, query.before ?? null],
        ...[query.limit + 1, query.onlyHl7 ? FHIR_REQUEST : null, query.sender ?? null],
      ],
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
