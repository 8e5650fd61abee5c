import { Injectable } from '@nestjs/common';
import { Any, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { HospitalKeys, SealContext } from '../../encryption/hospital-keys.js';
import { inAllRecords } from '../../patients/merged-records.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { PatientRelative } from './patient-relative.entity.js';
import type { RelativeCorrection, RelativeInput } from './relative-schemas.js';

const MOST_RELATIVES = 20;

const SEALED = ['name', 'phone', 'note'] as const;
type SealedField = (typeof SEALED)[number];

const contextOf = (row: string, column: SealedField): SealContext => ({
  table: 'patient_relative',
  column,
  row,
});

/** The people through whom patients can be reached. */
@Injectable()
export class RelativesService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  async list(patientId: string): Promise<readonly PatientRelative[]> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      return relativesOf(tx, patientId);
    });
  }

  async add(patientId: string, input: RelativeInput): Promise<PatientRelative> {
    return this.scope.transaction(async (tx) => {
      const { id: patient } = await this.patients.lock(tx, patientId);
      const others = await relativesOf(tx, patient);
      if (others.length >= MOST_RELATIVES)
        throw new DomainError(
          'conflict',
          'too-many-relatives',
          msg('too-many-relatives', { limit: MOST_RELATIVES }),
        );
      const relative: PatientRelative = {
        id: uuidv7(),
        hospitalId: tx.hospital.id,
        patientId: patient,
        name: input.name,
        relation: input.relation,
        phone: input.phone ?? null,
        note: input.note ?? null,
        rank: input.rank ?? Math.max(0, ...others.map(({ rank }) => rank)) + 1,
        author: tx.caller.kind === 'person' ? tx.caller.name : (input.author ?? tx.caller.name),
        recordedAt: tx.now,
        removedAt: null,
        removedBy: null,
      };
      await tx.db.insert(PatientRelative, { ...relative, ...sealed(await tx.keys(), relative) });
      await recordChange(tx, { patientId: patient, kind: 'contact' });
      return relative;
    });
  }

  /** What the correction does not name stays. */
  async correct(
    patientId: string,
    relativeId: string,
    correction: RelativeCorrection,
  ): Promise<PatientRelative> {
    return this.scope.transaction(async (tx) => {
      const before = await this.lockRelative(tx, patientId, relativeId);
      const { name, relation, phone, note, rank } = { ...before, ...correction };
      const after = { ...before, name, relation, phone, note, rank };
      const which = { id: relativeId, hospitalId: tx.hospital.id };
      const written = { relation, rank, ...sealed(await tx.keys(), after) };
      await inAllRecords(tx, patientId, () => tx.db.update(PatientRelative, which, written));
      await recordChange(tx, { patientId, kind: 'contact' });
      return after;
    });
  }

  /** Destroys name, phone and note. The row stays, because attempts name it. */
  async remove(patientId: string, relativeId: string): Promise<void> {
    return this.scope.transaction(async (tx) => {
      await this.lockRelative(tx, patientId, relativeId);
      const which = { id: relativeId, hospitalId: tx.hospital.id };
      const removed = {
        ...{ name: '', phone: null, note: null },
        ...{ removedAt: tx.now, removedBy: tx.caller.name },
      };
      await inAllRecords(tx, patientId, () => tx.db.update(PatientRelative, which, removed));
      await recordChange(tx, { patientId, kind: 'contact' });
    });
  }

  private async lockRelative(
    tx: HospitalTransaction,
    patientId: string,
    relativeId: string,
  ): Promise<PatientRelative> {
    const { id } = await this.patients.lock(tx, patientId);
    const found = (await relativesOf(tx, id)).find((relative) => relative.id === relativeId);
    if (!found) throw notFound('relative', relativeId);
    return found;
  }
}

/** The relatives of one patient, also those of merged records, in the order in which they are called, with their texts opened. */
export async function relativesOf(
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'keys' | 'caller'>,
  patientId: string,
): Promise<PatientRelative[]> {
  const stored = await inAllRecords(tx, patientId, (records) =>
    tx.db.find(PatientRelative, {
      where: { hospitalId: tx.hospital.id, patientId: Any(records), removedAt: IsNull() },
      order: { rank: 'ASC', id: 'ASC' },
    }),
  );
  const keys = await tx.keys(stored.flatMap((relative) => SEALED.map((field) => relative[field])));
  const opened = (id: string, field: SealedField, text: string | null): string | null =>
    text === null ? null : keys.open(text, contextOf(id, field));
  return stored.map((relative) => ({
    ...relative,
    name: keys.open(relative.name, contextOf(relative.id, 'name')),
    phone: opened(relative.id, 'phone', relative.phone),
    note: opened(relative.id, 'note', relative.note),
  }));
}

function sealed(
  keys: HospitalKeys,
  { id, name, phone, note }: PatientRelative,
): Pick<PatientRelative, SealedField> {
  const sealedText = (field: SealedField, text: string | null): string | null =>
    text === null ? null : keys.seal(text, contextOf(id, field));
  return {
    name: keys.seal(name, contextOf(id, 'name')),
    phone: sealedText('phone', phone),
    note: sealedText('note', note),
  };
}
