import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Message } from '../../guideline/message.js';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

export const INBOX_KINDS = ['hl7', 'fhir'] as const;
export const INBOX_SUBJECTS = ['report', 'event', 'appointment'] as const;
/** `entered`: a person recorded it. `dismissed`: a person gave the reason why not. `interpreted`: it was read after all. */
export const INBOX_STATES = ['open', 'entered', 'dismissed', 'interpreted'] as const;
export type InboxState = (typeof INBOX_STATES)[number];

/** What identifies an entry: a later version of the same report takes its place. */
export interface InboxKey {
  readonly kind: (typeof INBOX_KINDS)[number];
  readonly subject: (typeof INBOX_SUBJECTS)[number];
  /** For a report: as in `reported_exam`. */
  readonly key: string;
}

/** Sealed, because it says what the message says. */
export interface InboxContent {
  readonly reason: Message;
  readonly text: string;
  /** What is known of the event already. */
  readonly proposed?: { readonly type?: string; readonly date?: string; readonly [field: string]: unknown };
}

export interface NewInboxEntry extends InboxKey, InboxContent {
  readonly patientId: string;
  /** The message or resource. */
  readonly sourceId: string;
  /** The activity that a report is about, where it is known. */
  readonly activity?: string | undefined;
}

export interface InboxEntry extends InboxKey {
  readonly id: string;
  readonly patientId: string;
  readonly sourceId: string;
  readonly activity: string | null;
  readonly receivedAt: Date;
  readonly state: InboxState;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly eventId: string | null;
}

export interface InboxQuery {
  readonly state?: InboxState | undefined;
  readonly kind?: InboxKey['kind'] | undefined;
  readonly patientId?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Open entries of one hospital. Beyond them messages are refused until some are closed. */
const MOST_OPEN = 5000;
/** Characters of the text that an entry keeps; the message has the whole. */
const MOST_TEXT = 20_000;

const COLUMNS = `id, kind, subject, key, patient_id AS "patientId", source_id AS "sourceId", activity, received_at AS "receivedAt", state,
  closed_at AS "closedAt", closed_by AS "closedBy", event_id AS "eventId"`;

/** What messages and resources say and the program cannot interpret, kept for a person. */
@Injectable()
export class Inbox {
  /** Keeps it. The same again changes nothing; another version opens the entry again. Refuses (409) beyond the bound. */
  async keep(tx: HospitalTransaction, entry: NewInboxEntry): Promise<string> {
    const { db, hospital, now } = tx;
    const { kind, subject, key, reason, text, proposed, patientId, sourceId, activity } = entry;
    const content = JSON.stringify({ reason, text: text.slice(0, MOST_TEXT), proposed });
    const digest = createHash('sha256').update(content).digest('hex');
    const [before] = await db.query<{ id: string; digest: string }[]>(
      `SELECT id, digest FROM inbox_entry WHERE hospital_id = $1 AND kind = $2 AND subject = $3 AND key = $4 FOR UPDATE`,
      [hospital.id, kind, subject, key],
    );
    if (before?.digest === digest) return before.id;
    if (before === undefined) await refuseFull(tx);
    const id = before?.id ?? uuidv7();
    const keys = await tx.keys();
    await db.query(
      `INSERT INTO inbox_entry (hospital_id, id, kind, subject, key, digest, patient_id, source_id, activity, received_at, state, content, closing)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, '')
       ON CONFLICT (hospital_id, kind, subject, key) DO UPDATE
         SET digest = excluded.digest, source_id = excluded.source_id, activity = excluded.activity, patient_id = excluded.patient_id,
             received_at = excluded.received_at, state = 'open', content = excluded.content, closing = '', closed_at = NULL, closed_by = NULL`,
      [
        ...[hospital.id, id, kind, subject, key, digest, patientId, sourceId, activity ?? null, now],
        keys.seal(content, place('content', id)),
      ],
    );
    return id;
  }

  /** Closes what was interpreted after all. */
  async settle(
    { db, hospital, caller, now }: HospitalTransaction,
    { kind, subject, key }: InboxKey,
  ): Promise<void> {
    await db.query(
      `UPDATE inbox_entry SET state = 'interpreted', closed_at = $5, closed_by = $6
        WHERE hospital_id = $1 AND kind = $2 AND subject = $3 AND key = $4 AND state = 'open'`,
      [hospital.id, kind, subject, key, now, caller.name],
    );
  }

  /** Whether a person recorded what this report says: a later version is theirs to read, too. */
  async wasEntered(
    { db, hospital }: HospitalTransaction,
    { kind, subject, key }: InboxKey,
  ): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM inbox_entry WHERE hospital_id = $1 AND kind = $2 AND subject = $3 AND key = $4 AND event_id IS NOT NULL) AS found`,
      [hospital.id, kind, subject, key],
    );
    return row?.found === true;
  }

  /** Whether something of this message still waits for a person. */
  async hasOpen(
    { db, hospital }: HospitalTransaction,
    kind: InboxKey['kind'],
    sourceId: string,
  ): Promise<boolean> {
    const [row] = await db.query<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM inbox_entry WHERE hospital_id = $1 AND kind = $2 AND source_id = $3 AND state = 'open') AS found`,
      [hospital.id, kind, sourceId],
    );
    return row?.found === true;
  }

  /** The newest first; one more than `limit` says that there are more. */
  async list({ db, hospital }: HospitalTransaction, query: InboxQuery): Promise<readonly InboxEntry[]> {
    return db.query<InboxEntry[]>(
      `SELECT ${COLUMNS} FROM inbox_entry
        WHERE hospital_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR kind = $3)
          AND ($4::uuid IS NULL OR patient_id = $4) AND ($5::uuid IS NULL OR id < $5)
        ORDER BY id DESC LIMIT $6`,
      [
        ...[hospital.id, query.state ?? null, query.kind ?? null, query.patientId ?? null],
        ...[query.before ?? null, query.limit + 1],
      ],
    );
  }

  /** `lock`: other transactions wait until this one ends. */
  async find(
    tx: HospitalTransaction,
    id: string,
    { lock = false } = {},
  ): Promise<{
    readonly entry: InboxEntry;
    readonly content: InboxContent | null;
    readonly closing: string | null;
  }> {
    const [row] = await tx.db.query<(InboxEntry & { content: string; closing: string })[]>(
      `SELECT ${COLUMNS}, content, closing FROM inbox_entry WHERE hospital_id = $1 AND id = $2 ${lock ? 'FOR UPDATE' : ''}`,
      [tx.hospital.id, id],
    );
    if (!row) throw notFound('inbox-entry', id);
    const { content, closing, ...entry } = row;
    const keys = await tx.keys([content, closing]);
    return {
      entry,
      content: content === '' ? null : (JSON.parse(keys.open(content, place('content', id))) as InboxContent),
      closing: closing === '' ? null : keys.open(closing, place('closing', id)),
    };
  }

  /** Closes a locked entry by a person's act. */
  async close(
    tx: HospitalTransaction,
    id: string,
    {
      state,
      eventId,
      words,
    }: { readonly state: 'entered' | 'dismissed'; readonly eventId?: string; readonly words?: string },
  ): Promise<void> {
    const { db, hospital, caller, now } = tx;
    const closing = words === undefined ? '' : (await tx.keys()).seal(words, place('closing', id));
    await db.query(
      `UPDATE inbox_entry SET state = $3, event_id = coalesce($4, event_id), closing = $5, closed_at = $6, closed_by = $7
        WHERE hospital_id = $1 AND id = $2`,
      [hospital.id, id, state, eventId ?? null, closing, now, caller.name],
    );
  }
}

async function refuseFull({ db, hospital }: HospitalTransaction): Promise<void> {
  const [row] = await db.query<{ count: number }[]>(
    `SELECT count(*)::integer AS count FROM (SELECT FROM inbox_entry WHERE hospital_id = $1 AND state = 'open' LIMIT $2) AS open`,
    [hospital.id, MOST_OPEN],
  );
  if ((row?.count ?? 0) >= MOST_OPEN)
    throw new DomainError('conflict', 'inbox-full', msg('inbox-full', { limit: MOST_OPEN }));
}

const place = (column: 'content' | 'closing', row: string) => ({ table: 'inbox_entry', column, row });
