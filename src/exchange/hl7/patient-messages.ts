import { Injectable } from '@nestjs/common';
import { DEATH_EVENT, isDeath } from '../../guideline/facts.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { readTime } from '../../interop/hl7v2/timestamp.js';
import type { Patient } from '../../patients/patient.entity.js';
import { PatientsService } from '../../patients/patients.service.js';
import { PatientCorrection, PatientInput } from '../../patients/patient-input.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { invalid } from '../../platform/domain-error.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { RecordMerges } from '../../worklist/record-merges/record-merges.service.js';
import { KnownRecords } from './known-records.js';
import { type AppliedMessage, noted, together } from './message-outcome.js';
import { dayIn, diagnosisDay, personInput } from './person-input.js';
import { type MergeFacts, type PersonFacts, readMerges, readPerson, recordNumber } from './reading/person.js';

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
  ) {}

  static reads(event: string | undefined): boolean {
    return event === MERGE || PERSON_EVENTS.includes(event ?? '');
  }

  async apply(tx: HospitalTransaction, event: string, message: Hl7Message): Promise<AppliedMessage> {
    if (event === MERGE) {
      const merges = readMerges(message);
      if (merges.length === 0) throw requiredSegment('MRG');
      const results: AppliedMessage[] = [];
      for (const merge of merges) results.push(await this.merge(tx, merge));
      return together(results);
    }
    const pid = message.first('PID');
    if (!pid) throw requiredSegment('PID');
    const person = readPerson(pid);
    const mrn = numberOf(person);
    if (person.species !== undefined) return noted(msg('hl7-no-human'));
    const record = await this.known.byNumber(tx, mrn);
    const ward = message.first('PV1')?.first(3)?.text(1, 1);
    if (record === undefined) return this.register(tx, message, { person, mrn, ward });
    if (record.mergedInto !== null) return noted(msg('hl7-merged-record'));
    const updated = await this.update(record, person, ward);
    const died =
      event === CANCELLED_DISCHARGE && !person.isDead
        ? await this.undoDeath(tx, record)
        : await this.recordDeath(tx, record, message, person);
    return together([updated, died]);
  }

  /** Follow-up begins by a diagnosis: other people of the hospital are no patients here. */
  private async register(
    tx: HospitalTransaction,
    message: Hl7Message,
    { person, mrn, ward }: { person: PersonFacts; mrn: string; ward: string | undefined },
  ): Promise<AppliedMessage> {
    const diagnosisDate = diagnosisDay(message);
    if (diagnosisDate === undefined) return noted(msg('hl7-not-followed'));
    const { fields, leftOut } = personInput(person, ward);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    const input = PatientInput.safeParse({ ...given, sex: fields.sex ?? 'unknown', mrn, diagnosisDate });
    if (!input.success)
      throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(input.error.issues));
    const { patient } = await this.patients.register(input.data);
    const died = await this.recordDeath(tx, patient, message, person);
    return together([{ outcome: 'applied', patientIds: [patient.id], eventIds: [], notes: leftOut }, died]);
  }

  private async update(
    record: Patient,
    person: PersonFacts,
    ward: string | undefined,
  ): Promise<AppliedMessage> {
    const { fields, leftOut } = personInput(person, ward);
    const changed = PatientCorrection.safeParse(fields);
    const same: AppliedMessage = { outcome: 'noted', patientIds: [record.id], eventIds: [], notes: leftOut };
    if (Object.keys(fields).length === 0) return same;
    if (!changed.success)
      throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(changed.error.issues));
    await this.schedules.correct(record.id, changed.data);
    return { ...same, outcome: 'applied' };
  }

  private async recordDeath(
    tx: HospitalTransaction,
    record: Patient,
    message: Hl7Message,
    person: PersonFacts,
  ): Promise<AppliedMessage> {
    if (!person.isDead && person.deathTime === undefined) return noted();
    const recorded = (await activeEvents(tx, [record.id])).get(record.id) ?? [];
    if (recorded.some(isDeath)) return noted();
    const discharge = readTime(message.first('PV1')?.text(45));
    const date = dayIn(person.deathTime ?? discharge, tx.hospital.timeZone);
    if (date === undefined) return { ...noted(msg('hl7-death-without-day')), patientIds: [record.id] };
    const input = { type: DEATH_EVENT, date } as Parameters<SchedulesService['recordEvent']>[1];
    const { event } = await this.schedules.recordEvent(record.id, input);
    return { outcome: 'applied', patientIds: [record.id], eventIds: [event.id], notes: [] };
  }

  /** A cancelled discharge takes the death back that the discharge reported; one that a person entered stays. */
  private async undoDeath(tx: HospitalTransaction, record: Patient): Promise<AppliedMessage> {
    const recorded = (await activeEvents(tx, [record.id])).get(record.id) ?? [];
    const death = recorded.find(isDeath);
    if (!death || !(await this.known.cameByMessage(tx, record.id, death.id))) return noted();
    await this.schedules.voidEvent(record.id, death.id, 'ADT^A13');
    return { outcome: 'applied', patientIds: [record.id], eventIds: [death.id], notes: [] };
  }

  private async merge(tx: HospitalTransaction, { survivor, prior }: MergeFacts): Promise<AppliedMessage> {
    const [to, from] = [numberOf(survivor), recordNumber(prior)];
    if (from === undefined) throw requiredSegment('MRG');
    const [target, source] = [await this.known.byNumber(tx, to), await this.known.byNumber(tx, from)];
    if (source === undefined) return noted(msg('hl7-not-followed'));
    if (target === undefined) {
      // Only the number that goes away is known: the record continues under the one that stays.
      await this.schedules.correct(source.id, { mrn: to });
      return { outcome: 'applied', patientIds: [source.id], eventIds: [], notes: [] };
    }
    if (source.mergedInto !== null) return noted(msg('hl7-merged-record'));
    await this.merges.merge(target.id, { from: source.id, reason: 'ADT^A40' });
    return { outcome: 'applied', patientIds: [target.id, source.id], eventIds: [], notes: [] };
  }
}

function numberOf(person: PersonFacts): string {
  const mrn = recordNumber(person.identifiers);
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
