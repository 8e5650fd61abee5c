import { Injectable } from '@nestjs/common';
import type { Language } from '../../guideline/guideline.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { Patient } from '../../patients/patient.entity.js';
import { PatientsService, type PatientWithIdentity } from '../../patients/patients.service.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { mrnSystem } from '../fhir/resources/patient.js';
import { type CdsCard, cardsOf } from './cds-cards.js';
import { type CdsRequest, medicalRecordNumbers, type PrefetchedPatient } from './cds-request.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A patient who has more numbers than these was merged so often that the call cannot be about one person. */
const MOST_NUMBERS = 10;

/** What is due for the patient whose chart is opened in another system. */
@Injectable()
export class CdsHooks {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /**
   * The cards about the patient; none for one who is not known here, whom the caller may not see, or about whom the
   * request says something else than the record. Refuses (412) a request without the Patient resource whose `patientId` is
   * not ours. `pageOf` is the address of a patient's page.
   */
  async cards(
    { context, prefetch }: CdsRequest,
    pageOf: (patientId: string) => string,
    language: Language,
  ): Promise<readonly CdsCard[]> {
    const named = prefetch?.patient ?? undefined;
    const own = UUID.test(context.patientId) ? await this.recorded(context.patientId) : undefined;
    if (own === undefined && named === undefined)
      throw new DomainError('precondition-failed', 'prefetch-required', msg('prefetch-required'));
    const patient = own ?? (named && (await this.numbered(named)));
    if (patient === undefined || (named && contradicts(named, patient))) return [];
    return cardsOf(await this.schedules.schedule(patient.id), pageOf(patient.id), language);
  }

  /** A record that was merged into another one is not followed; the identifiers lead to the other one. */
  private recorded(id: string): Promise<Patient | undefined> {
    return this.scope.transaction(async ({ db, hospital }) => {
      const patient = await db.findOneBy(Patient, { id, hospitalId: hospital.id });
      return patient?.mergedInto === null ? patient : undefined;
    });
  }

  /** The one patient whom all numbers name that are known here; undefined where they name several. */
  private async numbered(named: PrefetchedPatient): Promise<Patient | undefined> {
    const numbers = medicalRecordNumbers(named, mrnSystem(this.scope.hospitalId));
    if (numbers.length > MOST_NUMBERS) return undefined;
    const found = new Map<string, Patient>();
    for (const mrn of numbers) {
      const some: readonly PatientWithIdentity[] = await this.patients.search(2, undefined, { mrn });
      for (const { patient } of some) found.set(patient.id, patient);
    }
    const [only, ...others] = found.values();
    return others.length === 0 ? only : undefined;
  }
}

/** A card about the wrong patient is worse than none. A birth date may be a year or a month alone. */
const contradicts = ({ birthDate }: PrefetchedPatient, patient: Pick<Patient, 'birthDate'>): boolean =>
  birthDate !== undefined && birthDate !== '' && !patient.birthDate.startsWith(birthDate);
