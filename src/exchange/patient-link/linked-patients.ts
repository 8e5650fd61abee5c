import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { LinkedPatient } from '../../accounts/single-sign-on/patient-link.js';
import { SsoProvider } from '../../accounts/single-sign-on/sso-provider.entity.js';
import { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { mrnSystem } from '../fhir/resources/patient.js';

/** More than a hospital has, and as many as the sign-in page shows. */
const MOST_PROVIDERS = 20;

export interface LinkedHospital {
  readonly id: string;
  readonly code: string;
  readonly providers: readonly { readonly code: string; readonly name: string }[];
}

/** Finds the hospital and the patient of a link from another system. */
@Injectable()
export class LinkedPatients {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** The hospital of the code and the providers by which its people sign in; undefined: there is none. */
  async hospital(code: string): Promise<LinkedHospital | undefined> {
    const [found] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM hospital_with_code(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1 END)`,
      [code],
    );
    if (!found) return undefined;
    const providers = await this.scope.run(found.id, () =>
      this.scope.unaudited(({ db }) =>
        db.find(SsoProvider, {
          where: { hospitalId: found.id, enabled: true },
          order: { name: 'ASC', code: 'ASC' },
          take: MOST_PROVIDERS,
        }),
      ),
    );
    return { id: found.id, code, providers: providers.map(({ code, name }) => ({ code, name })) };
  }

  /**
   * The id of the patient in the caller's hospital, or of the record into which that one was merged; undefined where the
   * caller sees none, and for a number of another kind than the hospital's own.
   */
  async find({ identifier, patient }: LinkedPatient): Promise<string | undefined> {
    if (patient !== undefined)
      return this.scope.transaction(async ({ db, hospital }) => {
        const found = await db.findOneBy(Patient, { id: patient, hospitalId: hospital.id });
        return found?.mergedInto ?? found?.id;
      });
    const mrn = numberIn(identifier ?? '', this.scope.hospitalId);
    if (mrn === undefined) return undefined;
    const [only, ...others] = await this.patients.search(1, undefined, { mrn });
    return others.length === 0 ? only?.patient.id : undefined;
  }
}

/**
 * The hospital's number in `SYSTEM|NUMBER`. The system is left out, is that of this hospital, or is `MR`, the type of such
 * numbers in HL7 v2 table 0203.
 */
export function numberIn(identifier: string, hospitalId: string): string | undefined {
  const at = identifier.lastIndexOf('|');
  const system = identifier.slice(0, Math.max(at, 0)).trim();
  const number = identifier.slice(at + 1).trim();
  const isOwn = ['', 'MR', mrnSystem(hospitalId)].includes(system);
  return isOwn && number !== '' ? number : undefined;
}
