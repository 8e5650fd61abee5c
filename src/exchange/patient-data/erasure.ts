import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import {
  NUMBER_INDEX,
  TABLE_DECLARATIONS,
  type TableDeclaration,
} from '../../encryption/table-declaration.js';
import { authorOf } from '../../tenancy/author.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { folded } from '../../patients/folded.js';
import { recordsOf } from '../../patients/merged-records.js';
import { type ErasureGround, Patient } from '../../patients/patient.entity.js';
import { PatientsService, type PatientWithIdentity } from '../../patients/patients.service.js';
import { erasureStatements, type ErasureStatement } from './erasure-statements.js';

/**
 * Erases a patient's identity (PIPL article 47), and ends the follow-up. Each table changes as its room declares in
 * `personal-data.ts`.
 */
@Injectable()
export class Erasure {
  private readonly statements: readonly ErasureStatement[];

  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    @Inject(TABLE_DECLARATIONS) tables: readonly TableDeclaration[],
  ) {
    this.statements = erasureStatements(tables);
  }

  /** Erases the records that were merged into this one, too. Cannot be undone. Repeated, it changes nothing. */
  async erase(
    patientId: string,
    input: { readonly ground: ErasureGround; readonly author?: string },
  ): Promise<PatientWithIdentity> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now } = tx;
      const author = authorOf(tx.caller, input.author);
      const { id, erasedAt } = await this.patients.lock(tx, patientId, { evenErased: true });
      if (erasedAt === null) {
        const records = await recordsOf(tx, id);
        const numbers = await numberIndexes(tx, records);
        for (const record of records) {
          await db.update(
            Patient,
            { id: record, hospitalId: hospital.id },
            { erasedAt: now, erasedBy: author, erasureGround: input.ground },
          );
          notePatient(record);
          const number = numbers.get(record);
          for (const { sql, isLock, isByNumber } of this.statements)
            await db.query(sql, [hospital.id, ...(isLock ? [] : [record]), ...(isByNumber ? [number] : [])]);
        }
      }
      return this.patients.show(tx, await this.patients.find(tx, patientId));
    });
  }
}

/** The blind index of each record's number, before the number is erased. */
async function numberIndexes(
  tx: HospitalTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const found = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id, id: In(ids) });
  const keys = await tx.keys();
  return new Map(found.map(({ id, mrn }) => [id, keys.blindIndex(NUMBER_INDEX, folded(mrn))]));
}
