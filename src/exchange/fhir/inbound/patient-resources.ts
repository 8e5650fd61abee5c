import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../../guideline/calendar.js';
import { DEATH_EVENT, isDeath } from '../../../guideline/facts.js';
import type { Message } from '../../../guideline/message.js';
import { folded } from '../../../patients/folded.js';
import { revealIdentities } from '../../../patients/identity.js';
import type { Patient as PatientRecord } from '../../../patients/patient.entity.js';
import { PatientCorrection, PatientInput } from '../../../patients/patient-input.js';
import { PatientsService } from '../../../patients/patients.service.js';
import { activeEvents } from '../../../patients/recorded-events.js';
import { DomainError, invalid } from '../../../platform/domain-error.js';
import { faultsOfIssues } from '../../../platform/http/input-faults.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { SchedulesService } from '../../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { KnownRecords } from '../../hl7/known-records.js';
import type { Act } from '../../inbound/applied-change.js';
import { CurrentVersions } from './current-versions.js';
import { type EntryOutcome, type InboundContext, type InboundEntry, keptNothing } from './inbound-entry.js';
import { KnownPatients } from './known-patients.js';
import { patientNoted, type PersonReading, readPerson } from './reading/person.js';
import { pointedAt, refusedAt } from './reading/fault.js';
import type { Patient } from './reading/resources.js';

/** A Patient with the day of the diagnosis that the same Bundle sends. */
export interface PatientEntry extends InboundEntry<Patient> {
  readonly diagnosisDate: CalendarDate | undefined;
}

interface Changed {
  readonly acts: readonly Act[];
  readonly notes: readonly Message[];
}

const NOTHING: Changed = { acts: [], notes: [] };

/** Patients: registered with a diagnosis, corrected by what is sent, and their deaths. */
@Injectable()
export class PatientResources {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly known: KnownPatients,
    private readonly records: KnownRecords,
    private readonly versions: CurrentVersions,
  ) {}

  async apply(tx: HospitalTransaction, entry: PatientEntry, context: InboundContext): Promise<EntryOutcome> {
    const { operation, resource, at } = entry;
    const why = patientNoted(resource);
    if (why !== undefined) return keptNothing('Patient', why);
    const person = readPerson(resource, this.known.rule(context.mapping), tx.hospital.timeZone, at);
    await this.known.lock(tx, person.mrn);
    this.known.refuseOtherCriteria(entry, person);
    const record = await this.recordOf(tx, entry, person);
    const ifMatch = operation.is === 'create' ? undefined : operation.ifMatch;
    await this.versions.refuseOther(tx, { type: 'Patient', id: record?.id, ifMatch }, context.language, at);
    if (record === undefined) return this.register(tx, entry, person);
    const known = { status: 200, type: 'Patient', id: record.id, patientId: record.id } as const;
    if (operation.is === 'create' && operation.ifNoneExist !== undefined)
      return { ...known, acts: [], hasChanged: false, notes: [] };
    const differing = await this.differences(tx, record, person);
    if (operation.is === 'create' && Object.keys(differing).length > 0)
      throw new DomainError(
        'conflict',
        'registered-differently',
        msg('fhir-registered-differently', { id: record.id }),
      );
    if (Object.keys(differing).length > 0) await this.correct(record, differing, person, at);
    const died = await this.applyDeath(tx, record, resource, person, at);
    const corrected: readonly Act[] =
      Object.keys(differing).length > 0 ? [{ is: 'person', patientId: record.id }] : [];
    const acts = [...corrected, ...died.acts];
    return { ...known, hasChanged: acts.length > 0, acts, notes: [...person.leftOut, ...died.notes] };
  }

  private async recordOf(
    tx: HospitalTransaction,
    { operation, at }: PatientEntry,
    person: PersonReading,
  ): Promise<PatientRecord | undefined> {
    if (operation.is !== 'update') {
      const named = await this.known.byNumber(tx, person.mrn);
      return named && this.patients.find(tx, named.id);
    }
    return this.known.byId(tx, operation.id, `${at}.id`);
  }

  private async register(
    tx: HospitalTransaction,
    { resource, at, diagnosisDate }: PatientEntry,
    person: PersonReading,
  ): Promise<EntryOutcome> {
    if (diagnosisDate === undefined) return keptNothing('Patient', msg('fhir-not-followed'));
    const { fields, policy, mrn } = person;
    const input = PatientInput.safeParse({
      ...{ ...fields, sex: fields.sex ?? 'unknown', mrn, diagnosisDate },
      ...(policy !== undefined && { policy }),
    });
    const patient = await pointedAt(at, person.elements, () => {
      if (!input.success)
        throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(input.error.issues));
      return this.patients.add(tx, input.data);
    });
    const died = await this.applyDeath(tx, patient, resource, person, at);
    return {
      ...{ status: 201, type: 'Patient', id: patient.id, patientId: patient.id, hasChanged: true },
      acts: [{ is: 'registered', patientId: patient.id }, ...died.acts],
      ...{ notes: [...person.leftOut, ...died.notes] },
    };
  }

  /** The fields that the record has otherwise. */
  private async differences(
    tx: HospitalTransaction,
    record: PatientRecord,
    { fields, mrn }: PersonReading,
  ): Promise<Record<string, unknown>> {
    const identity = (await revealIdentities(tx, [record])).get(record.id);
    const now: Readonly<Record<string, unknown>> = { ...record, ...identity };
    const sent = { ...fields, ...(folded(record.mrn) === folded(mrn) ? {} : { mrn }) };
    return Object.fromEntries(Object.entries(sent).filter(([field, value]) => now[field] !== value));
  }

  private async correct(
    record: PatientRecord,
    differing: Readonly<Record<string, unknown>>,
    { elements }: PersonReading,
    at: string,
  ): Promise<void> {
    const correction = PatientCorrection.safeParse(differing);
    await pointedAt(at, elements, () => {
      if (!correction.success)
        throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(correction.error.issues));
      return this.schedules.correct(record.id, correction.data);
    });
  }

  /** A Patient who lives takes the death back that another message reported; one that a person entered stays. */
  private async applyDeath(
    tx: HospitalTransaction,
    record: Pick<PatientRecord, 'id'>,
    { deceasedBoolean }: Patient,
    { died, elements }: PersonReading,
    at: string,
  ): Promise<Changed> {
    if (died === undefined && deceasedBoolean !== false) return NOTHING;
    const recorded = ((await activeEvents(tx, [record.id])).get(record.id) ?? []).find(isDeath);
    if (died === undefined) {
      const isReported = recorded && (await this.records.cameByMessage(tx, record.id, recorded.id));
      if (!isReported) return NOTHING;
      await this.schedules.voidEvent(record.id, recorded.id, 'FHIR Patient.deceased');
      return { acts: [{ is: 'voided', patientId: record.id, eventId: recorded.id }], notes: [] };
    }
    if (recorded !== undefined) {
      if (died === 'unknown' || died === recorded.date) return NOTHING;
      throw refusedAt(`${at}.deceased`, 'conflict', msg('fhir-death-differs', { day: recorded.date }));
    }
    if (died === 'unknown') return { acts: [], notes: [msg('fhir-death-without-day')] };
    const input = { type: DEATH_EVENT, date: died };
    const { event } = await pointedAt(at, elements, () => this.schedules.recordEvent(record.id, input));
    return { acts: [{ is: 'recorded', patientId: record.id, eventId: event.id }], notes: [] };
  }
}
