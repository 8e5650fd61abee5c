import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { folded } from '../../../patients/folded.js';
import { refuseMerged } from '../../../patients/merged-records.js';
import { Patient } from '../../../patients/patient.entity.js';
import { DomainError } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { type KnownRecord, KnownRecords } from '../../hl7/known-records.js';
import type { Mapping } from '../../mappings/mapping-file.js';
import { type Criteria, type EntryOutcome, type InboundContext, type InboundEntry } from './inbound-entry.js';
import type { PersonReading } from './reading/person.js';
import { isOwnSystem, type NumberRule } from './reading/patient-number.js';
import { refusedAt } from './reading/fault.js';
import { referenceTarget } from './reading/references.js';
import type { Reference } from './reading/resources.js';
import { SourceLinks } from '../source-links.js';

/** The patient whom a reference names: one in follow-up, or one of the same request of whom nothing is kept. */
export type ReferredPatient = { readonly id: string } | { readonly notFollowed: true };

/** Finds the patients whom requests name, by id or by the hospital's number. */
@Injectable()
export class KnownPatients {
  constructor(
    private readonly records: KnownRecords,
    private readonly links: SourceLinks,
  ) {}

  rule({ patientNumber }: Mapping): NumberRule {
    return patientNumber;
  }

  /** Requests about one number wait for each other: of two that would register a patient, the second finds the first's. */
  async lock(tx: HospitalTransaction, mrn: string): Promise<void> {
    await this.links.lock(tx, 'Patient', folded(mrn));
  }

  byNumber(tx: HospitalTransaction, mrn: string): Promise<KnownRecord | undefined> {
    return this.records.byNumber(tx, mrn);
  }

  /** Refuses (404) an unknown id and (409) a record that was merged into another one. */
  async byId(tx: HospitalTransaction, id: string, at: string): Promise<Patient> {
    const { db, hospital } = tx;
    const found = isUuid(id) ? await db.findOneBy(Patient, { id, hospitalId: hospital.id }) : null;
    if (!found) throw unknownId('Patient', id, at);
    await refuseMerged(tx, found);
    return found;
  }

  /** A search for another identifier than the hospital's number could meet another patient. */
  refuseOtherCriteria({ operation, at }: InboundEntry, { number, mrn }: PersonReading): void {
    const criteria =
      operation.is === 'update-where'
        ? operation.criteria
        : operation.is === 'create'
          ? operation.ifNoneExist
          : undefined;
    if (criteria === undefined) return;
    const isSame =
      folded(criteria.value) === folded(mrn) && (criteria.system ?? number.system) === number.system;
    if (!isSame) throw refusedAt(`${at}.identifier`, 'not-allowed', msg('fhir-criteria-differ'));
  }

  /** The patient of a fact. Refuses a reference that names nothing. */
  async referred(
    tx: HospitalTransaction,
    reference: Reference | undefined,
    {
      context: { done, mapping },
      at,
      fullUrl,
    }: {
      readonly context: InboundContext;
      readonly at: string;
      readonly fullUrl: string | undefined;
    },
  ): Promise<ReferredPatient> {
    if (reference === undefined) throw refusedAt(at, 'required', msg('fhir-patient-required'));
    const target = referenceTarget(reference, done, fullUrl);
    const unknown = (): DomainError =>
      refusedAt(at, 'unknown', msg('fhir-reference-unknown', { reference: reference.reference ?? '' }));
    if (target.is === 'entry') return ofEntry(done.get(target.fullUrl));
    if (target.is === 'unreadable') throw refusedAt(at, 'required', msg('fhir-patient-required'));
    if (target.type !== 'Patient' && target.type !== '') throw unknown();
    if (target.is === 'id') {
      const found = isUuid(target.id)
        ? await tx.db.findOneBy(Patient, { id: target.id, hospitalId: tx.hospital.id })
        : null;
      if (!found) throw unknown();
      return { id: found.mergedInto ?? found.id };
    }
    const found = await this.bySearch(tx, target, this.rule(mapping));
    return found === undefined ? { notFollowed: true } : { id: found.mergedInto ?? found.id };
  }

  /** By the hospital's own system, or by one that the mapping file names; without a list of them, by any. */
  private async bySearch(
    tx: HospitalTransaction,
    { system, value }: Criteria,
    { authorities }: NumberRule,
  ): Promise<KnownRecord | undefined> {
    const isNumber =
      system === undefined ||
      isOwnSystem(system) ||
      authorities === undefined ||
      authorities.includes(system);
    return isNumber ? this.byNumber(tx, value) : undefined;
  }
}

const ofEntry = (outcome: EntryOutcome | undefined): ReferredPatient =>
  outcome?.patientId === undefined ? { notFollowed: true } : { id: outcome.patientId };

export const unknownId = (type: string, id: string, at: string): DomainError =>
  new DomainError('not-found', 'unknown-id', msg('fhir-id-unknown', { type, id }), [
    { pointer: at, code: 'unknown-id', message: msg('fhir-id-unknown', { type, id }) },
  ]);
