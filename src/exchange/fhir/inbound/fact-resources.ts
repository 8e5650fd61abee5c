import { Injectable } from '@nestjs/common';
import { Patient as PatientRecord } from '../../../patients/patient.entity.js';
import { DomainError } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { SchedulesService } from '../../../schedules/schedules.service.js';
import { HospitalScope, type HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import { EventRecords, type EventToRecord, type KnownResource } from './event-records.js';
import { type EntryOutcome, type InboundContext, type InboundEntry, keptNothing } from './inbound-entry.js';
import { KnownPatients } from './known-patients.js';
import { readCondition } from './reading/diagnosis.js';
import { pointedAt, refusedAt } from './reading/fault.js';
import { readFactObservation } from './reading/observation.js';
import { readProcedure } from './reading/procedure.js';
import type { Reading } from './reading/reading.js';
import type { Condition, Observation, Procedure } from './reading/resources.js';
import { UnclearResources } from './unclear-resources.js';

type Diagnosis = Extract<Reading, { kind: 'diagnosis' }>;

/** Conditions and procedures: the diagnosis of a patient, and events of the history. */
@Injectable()
export class FactResources {
  constructor(
    private readonly scope: HospitalScope,
    private readonly known: KnownPatients,
    private readonly records: EventRecords,
    private readonly schedules: SchedulesService,
    private readonly unclear: UnclearResources,
  ) {}

  async apply(
    tx: HospitalTransaction,
    entry: InboundEntry<Condition | Procedure | Observation>,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const { resource, type, at, fullUrl } = entry;
    const reading = readFact(tx, entry, context);
    if (reading.kind === 'noted') return keptNothing(type, reading.why);
    const patient = await this.known.referred(tx, resource.subject, {
      context,
      at: `${at}.subject`,
      fullUrl,
    });
    if ('notFollowed' in patient) return keptNothing(type, msg('fhir-not-followed'));
    const found = await this.records.find(tx, entry, patient.id, context);
    if (this.records.isRepeated(found)) return this.records.unchanged(found);
    if (reading.kind === 'diagnosis') return this.diagnose(tx, found, reading, context);
    if (reading.kind === 'uninterpreted')
      return this.unclear.leave(tx, found, { ...reading, subject: 'event' }, context);
    if (reading.kind === 'event')
      return context.mapping.uninterpreted === 'refuse'
        ? this.record(tx, found, reading, context)
        : this.recordOrLeave(tx, found, reading, context);
    const { link } = found;
    if (link !== undefined && link.eventId === null && type === 'Condition')
      throw refusedAt(`${at}.verificationStatus`, 'not-allowed', msg('fhir-diagnosis-stays'));
    return this.records.withdraw(tx, found, context);
  }

  private async record(
    tx: HospitalTransaction,
    found: KnownResource,
    event: EventToRecord,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const outcome = await this.records.replace(tx, found, event, context);
    await this.unclear.settle(tx, found, 'event');
    return outcome;
  }

  /**
   * With an inbox, a person adds what the mapping file leaves open, such as the stage of a resection. Until then an earlier
   * version stays as it is.
   */
  private async recordOrLeave(
    tx: HospitalTransaction,
    found: KnownResource,
    event: EventToRecord,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    try {
      return await this.scope.joined((within) => this.record(within, found, event, context));
    } catch (error) {
      const isIncomplete =
        error instanceof DomainError && error.issueType === 'invalid' && error.code === 'invalid-input';
      const [fault] = isIncomplete ? error.faults : [];
      if (fault === undefined) throw error;
      const { message: why, pointer: at } = fault;
      return this.unclear.leave(tx, found, { subject: 'event', why, at, proposed: event.input }, context);
    }
  }

  /** The diagnosis that began the follow-up. A correction of the same Condition changes its day. */
  private async diagnose(
    tx: HospitalTransaction,
    found: KnownResource,
    { date, elements }: Diagnosis,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const { patientId, link, entry } = found;
    const { diagnosisDate } = await tx.db.findOneOrFail(PatientRecord, {
      select: { id: true, diagnosisDate: true },
      where: { id: patientId, hospitalId: tx.hospital.id },
    });
    const resourceId = diagnosisId(patientId);
    if (diagnosisDate !== date && link === undefined)
      return keptNothing(
        'Condition',
        msg('fhir-diagnosis-kept', { day: diagnosisDate, id: resourceId }),
        patientId,
      );
    if (diagnosisDate !== date)
      await pointedAt(entry.at, elements, () => this.schedules.correct(patientId, { diagnosisDate: date }));
    return this.records.remember(tx, found, { eventId: null, resourceId }, context);
  }
}

/** The id of the Condition that is the diagnosis of a patient. */
export const diagnosisId = (patientId: string): string => patientId;

export const readFact = (
  { hospital: { timeZone, guideline } }: HospitalTransaction,
  { resource, at }: InboundEntry<Condition | Procedure | Observation>,
  { mapping }: Pick<InboundContext, 'mapping'>,
): Reading => {
  const context = { timeZone, guideline, mapping, at };
  if (resource.resourceType === 'Condition') return readCondition(resource, context);
  if (resource.resourceType === 'Procedure') return readProcedure(resource, context);
  return readFactObservation(resource, context) ?? { kind: 'noted', why: msg('fhir-other-observation') };
};
