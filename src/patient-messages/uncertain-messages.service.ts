import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../platform/domain-error.js';
import { nextCursor } from '../platform/http/paging.js';
import { msg } from '../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../tenancy/hospital-scope.js';
import { MESSAGE_ROWS, type MessageRow, messageViews } from './message-rows.js';
import type {
  MessageSettlement,
  MessagesQuery,
  PatientMessagesView,
  PatientMessageView,
} from './messages-view.js';

/** Messages that a gateway may have taken. The program does not repeat them: a person finds out, and settles them. */
@Injectable()
export class UncertainMessages {
  constructor(private readonly scope: HospitalScope) {}

  /** The longest waiting first. */
  async list({ cursor, limit }: MessagesQuery): Promise<PatientMessagesView> {
    return this.scope.transaction(async (tx) => {
      const rows = await tx.db.query<MessageRow[]>(UNCERTAIN, [
        ...[tx.hospital.id, limit + 1],
        ...(cursor ?? ['-infinity', '00000000-0000-0000-0000-000000000000']),
      ]);
      for (const { patientId } of rows.slice(0, limit)) notePatient(patientId);
      return {
        items: await messageViews(tx, rows.slice(0, limit)),
        nextCursor: nextCursor(rows, limit, ({ uncertainAt, id }) => [uncertainAt?.toISOString() ?? '', id]),
      };
    });
  }

  /** Refuses (409) a message that is not uncertain: of two callers one settles it. */
  async settle(id: string, { result }: MessageSettlement): Promise<PatientMessageView> {
    return this.scope.transaction(async (tx) => {
      const [settled] = await tx.db.query<[unknown[], number]>(SETTLED[result], [
        ...[tx.hospital.id, id, tx.now, tx.caller.name],
      ]);
      const message = await this.find(tx, id);
      if (settled.length > 0) return message;
      throw new DomainError(
        'conflict',
        'message-not-uncertain',
        msg('message-not-uncertain', { state: message.state }),
      );
    });
  }

  private async find(tx: HospitalTransaction, id: string): Promise<PatientMessageView> {
    const rows = await tx.db.query<MessageRow[]>(`${MESSAGE_ROWS} AND m.id = $2`, [tx.hospital.id, id]);
    const [message] = await messageViews(tx, rows);
    if (!message) throw notFound('message', id);
    notePatient(message.patientId);
    return message;
  }
}

const UNCERTAIN = `${MESSAGE_ROWS} AND m.state = 'uncertain' AND (m.uncertain_at, m.id) > ($3::timestamptz, $4::uuid)
   ORDER BY m.uncertain_at, m.id LIMIT $2`;

const settled = (effect: string): string => `
  UPDATE patient_message m SET ${effect}, settled_at = $3, settled_by = $4
   WHERE m.hospital_id = $1 AND m.id = $2 AND m.state = 'uncertain' RETURNING m.id`;

const SETTLED: Readonly<Record<MessageSettlement['result'], string>> = {
  sent: settled(`state = 'sent', sent_at = m.uncertain_at`),
  not_sent: settled(`state = 'cancelled', reason = 'not_sent'`),
  // What decides whether a message leaves decides about this attempt too.
  repeat: settled(`state = 'pending', next_attempt_at = $3, uncertain_at = NULL`),
};
