import { Inject, Injectable } from '@nestjs/common';
import { TABLE_DECLARATIONS, type TableDeclaration } from '../../encryption/table-declaration.js';
import { authorOf } from '../../tenancy/author.js';
import { HospitalScope, notePatient } from '../../tenancy/hospital-scope.js';
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
        for (const record of await recordsOf(tx, id)) {
          await db.update(
            Patient,
            { id: record, hospitalId: hospital.id },
            { erasedAt: now, erasedBy: author, erasureGround: input.ground },
          );
          notePatient(record);
          for (const { sql, isLock } of this.statements)
            await db.query(sql, isLock ? [hospital.id] : [hospital.id, record]);
        }
      }
      return this.patients.show(tx, await this.patients.find(tx, patientId));
    });
  }
}
