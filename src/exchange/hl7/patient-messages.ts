import { Injectable } from '@nestjs/common';
import { DEATH_EVENT, isDeath } from '../../guideline/facts.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { readTime } from '../../interop/hl7v2/timestamp.js';
import { PatientsService } from '../../patients/patients.service.js';
import { PatientCorrection, PatientInput } from '../../patients/patient-input.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { invalid } from '../../platform/domain-error.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { RecordMerges } from '../../worklist/record-merges/record-merges.service.js';
import { type KnownRecord, KnownRecords } from './known-records.js';
import { type AppliedChange, done, noted, together } from '../inbound/applied-change.js';
import { CodedEvents } from './coded-events.js';
import { type MessageContext, patientNumber } from './message-context.js';
import { dayIn, diagnosisDay, personInput } from './person-input.js';
import { type MergeFacts, type PersonFacts, readMerges, readPerson } from './reading/person.js';

/** Admissions, registrations and changes of a person. All of them say who the person is now. */
const PERSON_EVENTS = ['A01', 'A03', 'A04', 'A08', 'A11', 'A13', 'A28', 'A31'];
const CANCELLED_DISCHARGE = 'A13';
const MERGE = 'A40';

/** ADT: who is a patient of the hospital, what is known of them, and which two numbers are one person. */
@Injectable()
export class PatientMessages {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly merges: RecordMerges,
    private readonly known: KnownRecords,
    private readonly codedEvents: CodedEvents,
  ) {}

  static reads(event: string | undefined): boolean {
    return event === MERGE || PERSON_EVENTS.includes(event ?? '');
  }

  async apply(
    tx: HospitalTransaction,
    event: string,
    message: Hl7Message,
    context: MessageContext,
  ): Promise<AppliedChange> {
    if (event === MERGE) {
      const merges = readMerges(message);
      if (merges.length === 0) throw requiredSegment('MRG');
      const results: AppliedChange[] = [];
      for (const merge of merges) results.push(await this.merge(tx, merge, context));
      return together(results);
    }
    const pid = message.first('PID');
    if (!pid) throw requiredSegment('PID');
    const person = readPerson(pid);
    const mrn = numberOf(person, context);
    if (person.species !== undefined) return noted(msg('hl7-no-human'));
    const record = await this.known.byNumber(tx, mrn);
    const ward = message.first('PV1')?.first(3)?.text(1, 1);
    if (record === undefined) return this.register(tx, message, { person, mrn, ward, context });
    if (record.mergedInto !== null) return noted(msg('hl7-merged-record'));
    const updated = await this.update(record, person, ward);
    const died =
      event === CANCELLED_DISCHARGE && !person.isDead
        ? await this.undoDeath(tx, record)
        : await this.recordDeath(tx, record, message, person);
    return together([updated, ...(await this.codedEvents.apply(tx, message, record.id, context)), died]);
  }

  /** Follow-up begins by a diagnosis: other people of the hospital are no patients here. */
  private async register(
    tx: HospitalTransaction,
    message: Hl7Message,
    {
      person,
      mrn,
      ward,
      context,
    }: { person: PersonFacts; mrn: string; ward: string | undefined; context: MessageContext },
  ): Promise<AppliedChange> {
    const diagnosisDate = diagnosisDay(message);
    if (diagnosisDate === undefined) return noted(msg('hl7-not-followed'));
    const { fields, leftOut } = personInput(person, ward);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    const input = PatientInput.safeParse({ ...given, sex: fields.sex ?? 'unknown', mrn, diagnosisDate });
    if (!input.success)
      throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(input.error.issues));
    const patient = await this.patients.add(tx, input.data);
    const events = await this.codedEvents.apply(tx, message, patient.id, context);
    const died = await this.recordDeath(tx, patient, message, person);
    return together([done([{ is: 'registered', patientId: patient.id }], leftOut), ...events, died]);
  }

  private async update(
    record: Pick<KnownRecord, 'id'>,
    person: PersonFacts,
    ward: string | undefined,
  ): Promise<AppliedChange> {
    const { fields, leftOut } = personInput(person, ward);
    const changed = PatientCorrection.safeParse(fields);
    const same: AppliedChange = { ...noted(...leftOut), patientIds: [record.id] };
    if (Object.keys(fields).length === 0) return same;
    if (!changed.success)
      throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(changed.error.issues));
    await this.schedules.correct(record.id, changed.data);
    return done([{ is: 'person', patientId: record.id }], leftOut);
  }

  private async recordDeath(
    tx: HospitalTransaction,
    record: Pick<KnownRecord, 'id'>,
    message: Hl7Message,
    person: PersonFacts,
  ): Promise<AppliedChange> {
    if (!person.isDead && person.deathTime === undefined) return noted();
    const recorded = (await activeEvents(tx, [record.id])).get(record.id) ?? [];
    if (recorded.some(isDeath)) return noted();
    const discharge = readTime(message.first('PV1')?.text(45));
    const date = dayIn(person.deathTime ?? discharge, tx.hospital.timeZone);
    if (date === undefined) return { ...noted(msg('hl7-death-without-day')), patientIds: [record.id] };
    const input = { type: DEATH_EVENT, date } as Parameters<SchedulesService['recordEvent']>[1];
    const { event } = await this.schedules.recordEvent(record.id, input);
    return done([{ is: 'recorded', patientId: record.id, eventId: event.id }]);
  }

  /** A cancelled discharge takes the death back that the discharge reported; one that a person entered stays. */
  private async undoDeath(tx: HospitalTransaction, record: Pick<KnownRecord, 'id'>): Promise<AppliedChange> {
    const recorded = (await activeEvents(tx, [record.id])).get(record.id) ?? [];
    const death = recorded.find(isDeath);
    if (!death || !(await this.known.cameByMessage(tx, record.id, death.id))) return noted();
    await this.schedules.voidEvent(record.id, death.id, 'ADT^A13');
    return done([{ is: 'voided', patientId: record.id, eventId: death.id }]);
  }

  private async merge(
    tx: HospitalTransaction,
    { survivor, prior }: MergeFacts,
    context: MessageContext,
  ): Promise<AppliedChange> {
    const [to, from] = [numberOf(survivor, context), patientNumber(prior, context.mapping)];
    if (from === undefined) throw requiredSegment('MRG');
    const [target, source] = [await this.known.byNumber(tx, to), await this.known.byNumber(tx, from)];
    if (source === undefined) return noted(msg('hl7-not-followed'));
    if (target === undefined) {
      // Only the number that goes away is known: the record continues under the one that stays.
      await this.schedules.correct(source.id, { mrn: to });
      return done([{ is: 'person', patientId: source.id }]);
    }
    if (source.mergedInto !== null) return noted(msg('hl7-merged-record'));
    await this.merges.merge(target.id, { from: source.id, reason: 'ADT^A40' });
    return done([
      { is: 'merged', patientId: target.id },
      { is: 'merged', patientId: source.id },
    ]);
  }
}

function numberOf(person: PersonFacts, { mapping }: MessageContext): string {
  const mrn = patientNumber(person.identifiers, mapping);
  if (mrn === undefined)
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/PID/3', code: 'required', message: msg('hl7-number-required') },
    ]);
  return mrn;
}

export const requiredSegment = (name: string) =>
  invalid('invalid-input', msg('invalid-input'), [
    { pointer: `/${name}`, code: 'required', message: msg('hl7-segment-required', { name }) },
  ]);
