import { Injectable } from '@nestjs/common';
import { type MeasuredValue } from '../../guideline/measured-value.js';
import { valuesOf } from '../../guideline/measured-exam.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { readEvent } from '../../patients/clinical-event-input.js';
import { PatientsService } from '../../patients/patients.service.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type Act, type AppliedChange, done, noted, together } from '../inbound/applied-change.js';
import { examEvent } from '../inbound/exam-event.js';
import { ReceivedReports } from '../inbound/received-reports.js';
import { type ReportedExam, ReportedExams } from '../inbound/reported-exams.js';
import { COUNTING, examDay, incomingReport, reportedAt, reportNumber, statusOf } from './incoming-report.js';
import { KnownRecords } from './known-records.js';
import {
  laboratoryOf,
  type MeasuredReport,
  measuredReports,
  valueOf,
  type WrittenValue,
} from './measured-report.js';
import { type MessageContext, patientNumber } from './message-context.js';
import { requiredSegment } from './patient-messages.js';
import { readPerson } from './reading/person.js';
import { readReports, type ReportFacts } from './reading/report.js';

/** ORU: the measured values of reports become exams; other reports become exams by the rules of the hospital. */
@Injectable()
export class ResultMessages {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly known: KnownRecords,
    private readonly exams: ReportedExams,
    private readonly reports: ReceivedReports,
  ) {}

  static reads(event: string | undefined): boolean {
    return event === 'R01';
  }

  async apply(tx: HospitalTransaction, message: Hl7Message, context: MessageContext): Promise<AppliedChange> {
    const pid = message.first('PID');
    if (!pid) throw requiredSegment('PID');
    const mrn = patientNumber(readPerson(pid).identifiers, context.mapping);
    if (mrn === undefined) throw requiredSegment('PID');
    const record = await this.known.byNumber(tx, mrn, { lock: true }); // two versions of one report may come at once
    if (record === undefined) return noted(msg('hl7-not-followed'));
    const patientId = record.mergedInto ?? record.id;
    if (record.mergedInto !== null || record.erasedAt !== null) await this.patients.lock(tx, patientId);
    const results: AppliedChange[] = [];
    for (const report of readReports(message))
      results.push(...(await this.applyReport(tx, patientId, report, context)));
    if (results.length === 0) return { ...noted(msg('hl7-nothing-followed')), patientIds: [patientId] };
    return together(results);
  }

  /** A report with measured values is about them; its text needs no rule. */
  private async applyReport(
    tx: HospitalTransaction,
    patientId: string,
    report: ReportFacts,
    context: MessageContext,
  ): Promise<AppliedChange[]> {
    const measured: AppliedChange[] = [];
    for (const one of measuredReports(tx, report, context))
      measured.push(await this.applyMeasured(tx, patientId, report, { measured: one, context }));
    if (measured.length > 0) return measured;
    const { timeZone } = tx.hospital;
    const incoming = incomingReport(report, context, { patientId, timeZone });
    const applied = await this.reports.apply(tx, incoming, context.mapping);
    return applied === undefined ? [] : [applied];
  }

  private async applyMeasured(
    tx: HospitalTransaction,
    patientId: string,
    report: ReportFacts,
    {
      measured: { activity, observations },
      context,
    }: { readonly measured: MeasuredReport; readonly context: MessageContext },
  ): Promise<AppliedChange> {
    const key = { report: reportNumber(report, context), activity };
    const sentAt = reportedAt(report);
    const before = await this.exams.find(tx, key);
    const sent = observations
      .filter(({ facts }) => statusOf(facts, report, COUNTING))
      .map((one) => valueOf(one, context));
    const recorded = before === undefined ? [] : await recordedValues(tx, before);
    const isOlder = before !== undefined && before.reportedAt > sentAt;
    const values = isOlder ? added(recorded, sent) : replaced(recorded, sent, observations);
    const unchanged = (text: ReturnType<typeof msg>): AppliedChange => ({
      ...noted(text),
      patientIds: [patientId],
    });
    if (isOlder && values.length === recorded.length) return unchanged(msg('hl7-superseded'));
    const input = values.length === 0 ? undefined : examInput(tx, report, { activity, values, context });
    if (before === undefined && input === undefined) return unchanged(msg('hl7-not-final'));
    if (before !== undefined && input && (await this.reports.isRecorded(tx, before, input)))
      return unchanged(msg('hl7-same-again'));
    const acts: Act[] = [];
    if (before?.eventId !== undefined) {
      await this.schedules.voidEvent(before.patientId, before.eventId, `ORU^R01 ${key.report}`);
      acts.push({ is: 'voided', patientId: before.patientId, eventId: before.eventId, report: key });
    }
    const eventId = input && (await this.schedules.recordEvent(patientId, input)).event.id;
    if (eventId !== undefined) acts.push({ is: 'recorded', patientId, eventId, report: key });
    const newest = isOlder ? before.reportedAt : sentAt;
    await this.exams.store(tx, key, { patientId, eventId, reportedAt: newest, messageId: context.messageId });
    return acts.length > 0 ? done(acts) : unchanged(msg('hl7-not-final'));
  }
}

/** The exam with these values. Throws where the message does not say on which day it was. */
function examInput(
  { hospital }: HospitalTransaction,
  report: ReportFacts,
  {
    activity,
    values,
    context,
  }: { readonly activity: string; readonly values: readonly ExamValue[]; readonly context: MessageContext },
): Parameters<SchedulesService['recordEvent']>[1] {
  const date = examDay(report, hospital.timeZone);
  if (date === undefined)
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/OBR/7', code: 'required', message: msg('hl7-day-required') },
    ]);
  const laboratory = laboratoryOf(context);
  const guideline = hospital.guideline ?? {};
  return readEvent(examEvent({ activity, date, values, laboratory }, guideline), hospital.guideline);
}

type ExamValue = WrittenValue | MeasuredValue;

/** The values of the exam that the report became before; none where it was taken back. */
async function recordedValues(
  tx: HospitalTransaction,
  { patientId, eventId }: ReportedExam,
): Promise<readonly MeasuredValue[]> {
  const events = (await activeEvents(tx, [patientId])).get(patientId) ?? [];
  return valuesOf(events.find(({ id }) => id === eventId)?.detail ?? {});
}

const lacking = (values: readonly ExamValue[], code: string): boolean =>
  !values.some((value) => value.code === code);

/** A later version replaces what it names. A laboratory may send only what it corrected, or one value after the other. */
const replaced = (
  recorded: readonly MeasuredValue[],
  sent: readonly WrittenValue[],
  named: readonly { readonly code: string }[],
): readonly ExamValue[] => [
  ...sent,
  ...recorded.filter(({ code }) => !named.some((observation) => observation.code === code)),
];

/** An earlier version that arrives late adds values that the exam lacks; one that was taken back stays so. */
const added = (recorded: readonly MeasuredValue[], sent: readonly WrittenValue[]): readonly ExamValue[] =>
  recorded.length === 0 ? [] : [...recorded, ...sent.filter(({ code }) => lacking(recorded, code))];
