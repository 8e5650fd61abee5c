import { Injectable } from '@nestjs/common';
import { activitiesIn } from '../../guideline/activities.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import { measuredEvent } from '../../patients/measured-event.js';
import { EventHistory } from '../../patients/event-history.js';
import { type ClinicalEventInput, readEvent } from '../../patients/clinical-event-input.js';
import { PatientsService } from '../../patients/patients.service.js';
import { activeEvents, isSameFact } from '../../patients/recorded-events.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { IncomingReport } from '../mappings/incoming-facts.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { interpretReport } from '../mappings/report-rules.js';
import { type Act, type AppliedChange, done, noted, type ReportKey } from './applied-change.js';
import { examEvent } from './exam-event.js';
import { Inbox, type InboxKey } from './inbox.js';
import { type ReportedExam, ReportedExams } from './reported-exams.js';

/** A report about a patient of the hospital, in whichever format it came. */
export interface ReceivedReport extends IncomingReport {
  readonly kind: InboxKey['kind'];
  readonly patientId: string;
  /** The message or resource that it came in. */
  readonly sourceId: string;
  /** Its number with its sender: a later version has the same. */
  readonly number: string;
  /** `waiting`: preliminary. `taken-back`: it was wrong, or there is none. */
  readonly state: 'final' | 'waiting' | 'taken-back';
  /** ISO 8601 as it was sent: of two versions, the later one counts. */
  readonly reportedAt: string;
  /** The hospital's day on which the exam was done; undefined where it was not sent. */
  readonly date: CalendarDate | undefined;
  /** What a person reads of it in the inbox. */
  readonly text: string;
  /** The fields that a refusal names. */
  readonly fields: { readonly code: string; readonly date: string };
}

/** Reports of imaging and endoscopy become exams by the rules of the hospital. */
@Injectable()
export class ReceivedReports {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly exams: ReportedExams,
    private readonly inbox: Inbox,
  ) {}

  /** Undefined for a report that no table of the mapping names. Refuses (422) what it cannot interpret, or keeps it. */
  async apply(
    tx: HospitalTransaction,
    report: ReceivedReport,
    mapping: Mapping,
  ): Promise<AppliedChange | undefined> {
    const interpreted = interpretReport(mapping, report);
    if (interpreted.is === 'unmapped') return undefined;
    const { activity = '' } = interpreted;
    const key: ReportKey = { report: report.number, activity };
    const before = await this.exams.find(tx, key);
    if (before !== undefined && before.reportedAt > report.reportedAt)
      return { ...noted(msg('hl7-superseded')), patientIds: [report.patientId] };
    if (report.state === 'waiting') return { ...noted(msg('hl7-not-final')), patientIds: [report.patientId] };
    if (report.state === 'taken-back') return this.takeBack(tx, report, key, before);
    if (interpreted.is === 'uninterpreted')
      return this.leave(tx, report, mapping, { ...interpreted, message: interpreted.reason });
    if (report.date === undefined)
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: report.fields.date, code: 'required', message: msg('report-day-required') },
      ]);
    const { outcome } = interpreted;
    // The guideline may have changed since the mapping was selected.
    if (!activitiesIn(tx.hospital.guideline ?? {}).includes(activity))
      return this.leave(tx, report, mapping, {
        activity,
        message: msg('mapping-activity-unknown', { activity }),
      });
    const input = examEvent({ activity, outcome, date: report.date }, tx.hospital.guideline ?? {});
    if (before?.eventId !== undefined && (await this.isRecorded(tx, before, input)))
      return { ...noted(msg('hl7-same-again')), patientIds: [report.patientId] };
    if (await this.inbox.wasEntered(tx, inboxKey(report, key)))
      return this.leave(tx, report, mapping, { activity, message: msg('report-entered-by-person') });
    return this.record(tx, report, key, { before, input });
  }

  /** Replaces what an earlier version recorded. */
  private async record(
    tx: HospitalTransaction,
    report: ReceivedReport,
    key: ReportKey,
    { before, input }: { readonly before: ReportedExam | undefined; readonly input: ClinicalEventInput },
  ): Promise<AppliedChange> {
    const acts = await this.voided(key, before);
    const { event } = await this.schedules.recordEvent(
      report.patientId,
      readEvent(input, tx.hospital.guideline),
    );
    await this.exams.store(tx, key, { ...versionOf(report), eventId: event.id });
    await this.inbox.settle(tx, inboxKey(report, key));
    return done([...acts, { is: 'recorded', patientId: report.patientId, eventId: event.id, report: key }]);
  }

  private async takeBack(
    tx: HospitalTransaction,
    report: ReceivedReport,
    key: ReportKey,
    before: ReportedExam | undefined,
  ): Promise<AppliedChange> {
    const acts = await this.voided(key, before);
    await this.exams.store(tx, key, { ...versionOf(report), eventId: undefined });
    await this.inbox.settle(tx, inboxKey(report, key));
    return acts.length > 0 ? done(acts) : { ...noted(msg('hl7-not-final')), patientIds: [report.patientId] };
  }

  /** For a person, where the hospital chose so; otherwise a refusal that names the field. */
  private async leave(
    tx: HospitalTransaction,
    report: ReceivedReport,
    { uninterpreted }: Mapping,
    {
      activity,
      message,
    }: { readonly activity: string | undefined; readonly message: ReturnType<typeof msg> },
  ): Promise<AppliedChange> {
    if (uninterpreted === 'refuse')
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: report.fields.code, code: 'not-interpreted', message },
      ]);
    await this.inbox.keep(tx, {
      ...inboxKey(report, { report: report.number, activity: activity ?? '' }),
      ...{ patientId: report.patientId, sourceId: report.sourceId, activity },
      ...{ reason: message, text: report.text },
      ...(report.date !== undefined && { proposed: { date: report.date } }),
    });
    return { ...noted(msg('kept-in-inbox')), patientIds: [report.patientId] };
  }

  private async voided(key: ReportKey, before: ReportedExam | undefined): Promise<Act[]> {
    if (before?.eventId === undefined) return [];
    const { patientId, eventId } = before;
    await this.schedules.voidEvent(patientId, eventId, key.report);
    return [{ is: 'voided', patientId, eventId, report: key }];
  }

  /** Whether the exam is recorded already with the same day, outcome and values. */
  async isRecorded(
    tx: HospitalTransaction,
    { patientId, eventId }: ReportedExam,
    input: ClinicalEventInput,
  ): Promise<boolean> {
    const events = (await activeEvents(tx, [patientId])).get(patientId) ?? [];
    const recorded = events.find(({ id }) => id === eventId);
    if (recorded === undefined) return false;
    const { guideline } = tx.hospital;
    const others = events.filter(({ id }) => id !== eventId);
    const history = new EventHistory(await this.patients.find(tx, patientId), others, guideline);
    const measured = measuredEvent(tx, readEvent(input, guideline), history);
    return 'fact' in measured && isSameFact(recorded, measured.fact);
  }
}

const inboxKey = ({ kind }: ReceivedReport, { report, activity }: ReportKey): InboxKey => ({
  ...{ kind, subject: 'report', key: `${report} ${activity}` },
});

const versionOf = ({ patientId, reportedAt, sourceId }: ReceivedReport): Omit<ReportedExam, 'eventId'> => ({
  ...{ patientId, reportedAt, messageId: sourceId },
});
