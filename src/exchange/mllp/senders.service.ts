import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { folded } from '../../patients/folded.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { KnownSenders } from './known-senders.js';
import { MOST_SENDERS, type SenderInput, type SenderPatch } from './sender-schemas.js';

/** A system of the hospital that sends over MLLP. */
export interface StoredSender {
  readonly id: string;
  readonly name: string;
  readonly facility: string;
  readonly addresses: readonly string[];
  readonly certificateFingerprint: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

const COLUMNS = `id, name, facility, addresses, certificate AS "certificateFingerprint", created_by AS "createdBy",
  created_at AS "createdAt", disabled_at AS "disabledAt"`;

/** The hospital's systems that may send HL7 v2 over MLLP. */
@Injectable()
export class Senders {
  constructor(
    private readonly scope: HospitalScope,
    private readonly known: KnownSenders,
  ) {}

  /** Refuses (409 `hl7-facility-taken`) a facility that a sender has already, also one of another hospital or a disabled one. */
  async register(input: SenderInput): Promise<StoredSender> {
    const { name, facility, addresses, certificateFingerprint } = input;
    const key = folded(facility);
    if (key === '')
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: '/facility', code: 'required', message: msg('hl7-facility-required') },
      ]);
    const sender = await this.scope.transaction(async (tx) => {
      await refuseTooMany(tx);
      const [row] = await tx.db.query<StoredSender[]>(
        `INSERT INTO hl7_sender (hospital_id, id, name, facility, facility_key, addresses, certificate, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (facility_key) DO NOTHING RETURNING ${COLUMNS}`,
        [
          ...[tx.hospital.id, uuidv7(), name, facility, key, addresses, certificateFingerprint],
          ...[tx.caller.name, tx.now],
        ],
      );
      if (!row)
        throw new DomainError('conflict', 'hl7-facility-taken', msg('hl7-facility-taken', { facility }));
      return row;
    });
    this.known.forget();
    return sender;
  }

  async list(): Promise<readonly StoredSender[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.query<StoredSender[]>(
        `SELECT ${COLUMNS} FROM hl7_sender WHERE hospital_id = $1 ORDER BY id LIMIT $2`,
        [hospital.id, MOST_SENDERS],
      ),
    );
  }

  /** Replaces the named settings. The facility stays: another one is another sender. */
  async change(id: string, patch: SenderPatch): Promise<StoredSender> {
    const { name, addresses, certificateFingerprint, disabled } = patch;
    const sender = await this.scope.transaction(async ({ db, hospital, now }) => {
      const [rows] = await db.query<[StoredSender[], number]>(
        `UPDATE hl7_sender
            SET name = coalesce($3, name), addresses = coalesce($4, addresses),
                certificate = CASE WHEN $5 THEN $6 ELSE certificate END,
                disabled_at = CASE WHEN $7::boolean THEN coalesce(disabled_at, $8) WHEN NOT $7 THEN NULL ELSE disabled_at END
          WHERE hospital_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [
          ...[hospital.id, id, name ?? null, addresses ?? null],
          ...[certificateFingerprint !== undefined, certificateFingerprint ?? null, disabled ?? null, now],
        ],
      );
      const [row] = rows;
      if (!row) throw notFound('hl7-sender', id);
      return row;
    });
    this.known.forget();
    return sender;
  }
}

async function refuseTooMany({ db, hospital }: HospitalTransaction): Promise<void> {
  const [{ count }] = await db.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM hl7_sender WHERE hospital_id = $1',
    [hospital.id],
  );
  if (count >= MOST_SENDERS)
    throw new DomainError(
      'conflict',
      'too-many-hl7-senders',
      msg('too-many-hl7-senders', { limit: MOST_SENDERS }),
    );
}
