import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { Caller } from './caller.js';

/** Purposes of use (HL7 v3 PurposeOfUse) that a caller may give; treatment where none is given. */
export const PURPOSES = [
  'TREAT',
  'HOPERAT',
  'HPAYMT',
  'HRESCH',
  'PUBHLTH',
  'ETREAT',
  'PATRQT',
  'SYSADMIN',
] as const;

/** One call, as it is audited: by each of its transactions or, without any, by its answer. */
export interface AuditedCall {
  /** Method and route: `GET /patients/:id`. */
  readonly call: string;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly purpose: string;
  /** Whether the call is recorded, and the patients that the record says were shown. */
  recorded: boolean;
  readonly patients: Set<string>;
  /** Written in the transaction of the entry, so that after a lost answer to COMMIT it shows what became of both. */
  alsoWrites?: (db: EntityManager) => Promise<unknown>;
}

/** An action without a request: a command, or a step of the program itself. */
export const stepCall = (call: string, purpose: (typeof PURPOSES)[number] = 'SYSADMIN'): AuditedCall => ({
  ...{ call, address: null, requestId: null, purpose, recorded: false, patients: new Set() },
});

export interface AuditEntry {
  readonly outcome: 'done' | 'refused';
  readonly status: number | null;
  readonly patients: readonly string[];
  readonly detail?: Readonly<Record<string, string>>;
}

/** Records it in the transaction of `db`, whose hospital is the caller's. */
export async function recordAudit(
  db: EntityManager,
  caller: Caller,
  { call, address, requestId, purpose }: AuditedCall,
  { outcome, status, patients, detail }: AuditEntry,
): Promise<void> {
  await db.query(
    `WITH made AS (
       INSERT INTO audit_event (id, hospital_id, recorded_at, call, outcome, status, caller_kind, caller_id, roles,
                                address, request_id, purpose, patients, detail)
       VALUES ($1, $2, program_now(), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       RETURNING hospital_id, recorded_at, id)
     INSERT INTO audit_unsealed (hospital_id, recorded_at, id) SELECT * FROM made`,
    [
      ...[uuid(), caller.hospitalId, call, outcome, status, caller.kind, caller.id, caller.roles],
      ...[address, requestId, purpose, patients, detail ?? null],
    ],
  );
}

/** A row in the form in which it is digested; instants in UTC to the microsecond. */
export interface AuditRow {
  readonly id: string;
  readonly hospitalId: string;
  readonly recordedAt: string;
  readonly call: string;
  readonly outcome: AuditEntry['outcome'];
  readonly status: number | null;
  readonly callerKind: Caller['kind'];
  readonly callerId: string;
  readonly roles: readonly string[];
  readonly address: string | null;
  readonly requestId: string | null;
  readonly purpose: string;
  readonly patients: readonly string[];
  readonly detail: Readonly<Record<string, unknown>> | null;
}

const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of `audit_event` as an AuditRow. */
export const AUDIT_COLUMNS = `id, hospital_id AS "hospitalId", ${instant('recorded_at')} AS "recordedAt", call, outcome, status,
  caller_kind AS "callerKind", caller_id AS "callerId", roles, address, request_id AS "requestId", purpose, patients, detail`;

/**
 * The rows with these instants and ids, oldest first. Each is looked up by its key, so that a trail of years is never
 * scanned for a batch.
 */
export const auditRows = (
  db: EntityManager,
  instants: readonly string[],
  ids: readonly string[],
): Promise<AuditRow[]> =>
  db.query<AuditRow[]>(
    `SELECT found.* FROM unnest($1::timestamptz[], $2::uuid[]) AS wanted (at, named), LATERAL (
       SELECT ${AUDIT_COLUMNS} FROM audit_event WHERE recorded_at = at AND id = named OFFSET 0) AS found
      ORDER BY at, named`,
    [instants, ids],
  );

/** JSON in canonical form (RFC 8785, for the strings, whole numbers, lists and nulls that occur here). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

export const digestOfRow = (row: AuditRow): Buffer => sha256(canonical(row));

/** The content of a seal: the previous seal and every row of its batch, in order. */
export interface Seal {
  readonly hospitalId: string;
  readonly batch: number;
  readonly previous: Buffer | null;
  readonly ids: readonly string[];
  readonly instants: readonly string[];
  readonly digests: readonly Buffer[];
  readonly sealedAt: string;
}

export const digestOfSeal = ({
  hospitalId,
  batch,
  previous,
  ids,
  instants,
  digests,
  sealedAt,
}: Seal): Buffer =>
  sha256(
    canonical({
      ...{ hospitalId, batch, ids, instants, sealedAt },
      previous: previous?.toString('hex') ?? null,
      digests: digests.map((digest) => digest.toString('hex')),
    }),
  );

/** The columns of `audit_seal` as a Seal and its own digest. */
export const SEAL_COLUMNS = `hospital_id AS "hospitalId", batch, previous, ids,
  array(SELECT ${instant('i')} FROM unnest(instants) WITH ORDINALITY AS u (i, n) ORDER BY n) AS instants,
  digests, digest, ${instant('sealed_at')} AS "sealedAt"`;
