import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { type ClinicalEventInput, readEvent } from '../../patients/clinical-event-input.js';
import { PatientsService } from '../../patients/patients.service.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type AppliedChange, done, noted } from '../inbound/applied-change.js';
import { Inbox, type InboxKey } from '../inbound/inbox.js';
import { ReceivedReports } from '../inbound/received-reports.js';
import { ReportedExams } from '../inbound/reported-exams.js';
import { eventFor } from '../mappings/code-tables.js';
import { codesOf, type MessageContext } from './message-context.js';
import { dayIn } from './person-input.js';
import { type CodedAct, readCodedActs } from './reading/coded-acts.js';

/** A procedure or diagnosis that the hospital's table names as an event. */
interface MappedAct extends CodedAct {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly date: CalendarDate | undefined;
  /** Its number with its sender. */
  readonly report: string;
  readonly sentAt: string;
}

const LONGEST_NUMBER = 427;

/** PR1 and DG1 of an ADT message become events of the history where the hospital's table says so. */
@Injectable()
export class CodedEvents {
  constructor(
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
    private readonly exams: ReportedExams,
    private readonly reports: ReceivedReports,
    private readonly inbox: Inbox,
  ) {}

  async apply(
    tx: HospitalTransaction,
    message: Hl7Message,
    patientId: string,
    context: MessageContext,
  ): Promise<readonly AppliedChange[]> {
    const changes: AppliedChange[] = [];
    const acts = mappedActs(tx, message, context);
    if (acts.length > 0) await this.patients.lock(tx, patientId);
    for (const act of acts) changes.push(await this.applyOne(tx, act, patientId, context));
    return changes;
  }

  private async applyOne(
    tx: HospitalTransaction,
    act: MappedAct,
    patientId: string,
    context: MessageContext,
  ): Promise<AppliedChange> {
    const key = { report: act.report, activity: act.type };
    const before = await this.exams.find(tx, key);
    if (before !== undefined && before.reportedAt > act.sentAt) return noted();
    const version = { patientId, reportedAt: act.sentAt, messageId: context.messageId };
    if (act.isDeleted) {
      if (before?.eventId === undefined) return noted();
      await this.schedules.voidEvent(before.patientId, before.eventId, act.report);
      await this.exams.store(tx, key, { ...version, eventId: undefined });
      return done([{ is: 'voided', patientId: before.patientId, eventId: before.eventId, report: key }]);
    }
    if (await this.inbox.wasEntered(tx, inboxKey(act))) return noted();
    if (act.date === undefined)
      return this.leave(tx, act, patientId, { context, reason: msg('event-day-required') });
    const input = { ...act.fields, type: act.type, date: act.date } as ClinicalEventInput;
    if (before?.eventId === undefined) {
      const ofType = ((await activeEvents(tx, [patientId])).get(patientId) ?? []).filter(
        ({ type }) => type === act.type,
      );
      if (ofType.some(({ date }) => date === act.date)) return noted();
      // A second one may be a copy of the first in another visit, and would begin the follow-up again.
      if (ofType.length > 0) return this.second(tx, act, patientId, context);
    } else if (await this.isRecorded(tx, before, input)) return noted();
    return this.record(tx, act, patientId, { context, input, before: before?.eventId });
  }

  /** In one savepoint: what cannot be recorded leaves an earlier version as it is. */
  private async record(
    tx: HospitalTransaction,
    act: MappedAct,
    patientId: string,
    {
      context,
      input,
      before,
    }: {
      readonly context: MessageContext;
      readonly input: ClinicalEventInput;
      readonly before: string | undefined;
    },
  ): Promise<AppliedChange> {
    const key = { report: act.report, activity: act.type };
    let read: ClinicalEventInput;
    try {
      read = readEvent(input, tx.hospital.guideline);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const fields = error.faults.map(({ pointer }) => pointer.slice(1));
      return this.leave(tx, act, patientId, { context, reason: msg('event-lacks', { fields }) });
    }
    if (before !== undefined) await this.schedules.voidEvent(patientId, before, act.report);
    const { event } = await this.schedules.recordEvent(patientId, read);
    await this.exams.store(tx, key, {
      patientId,
      eventId: event.id,
      reportedAt: act.sentAt,
      messageId: context.messageId,
    });
    await this.inbox.settle(tx, inboxKey(act));
    return done([
      ...(before === undefined ? [] : [{ is: 'voided' as const, patientId, eventId: before, report: key }]),
      { is: 'recorded', patientId, eventId: event.id, report: key },
    ]);
  }

  private async second(
    tx: HospitalTransaction,
    act: MappedAct,
    patientId: string,
    context: MessageContext,
  ): Promise<AppliedChange> {
    const reason = msg('event-recorded-before', { code: act.coded.code ?? '' });
    if (context.mapping.uninterpreted === 'inbox') return this.leave(tx, act, patientId, { context, reason });
    return { ...noted(reason), patientIds: [patientId] };
  }

  private async leave(
    tx: HospitalTransaction,
    act: MappedAct,
    patientId: string,
    { context, reason }: { readonly context: MessageContext; readonly reason: Message },
  ): Promise<AppliedChange> {
    const segment = act.kind === 'procedure' ? 'PR1' : 'DG1';
    if (context.mapping.uninterpreted === 'refuse')
      throw invalid('invalid-input', msg('invalid-input'), [
        {
          pointer: `/${segment}/${act.date === undefined ? 5 : 3}`,
          code: 'not-interpreted',
          message: reason,
        },
      ]);
    const { code, text } = act.coded;
    await this.inbox.keep(tx, {
      ...inboxKey(act),
      ...{ patientId, sourceId: context.messageId, reason },
      text: [segment, code, text, act.at?.text].filter((part) => part !== undefined).join(' '),
      proposed: { ...act.fields, type: act.type, ...(act.date !== undefined && { date: act.date }) },
    });
    return { ...noted(msg('kept-in-inbox')), patientIds: [patientId] };
  }

  private isRecorded(...asked: Parameters<ReceivedReports['isRecorded']>): Promise<boolean> {
    return this.reports.isRecorded(...asked);
  }
}

const inboxKey = ({ report, type }: MappedAct): InboxKey => ({
  ...{ kind: 'hl7', subject: 'event', key: `${report} ${type}` },
});

function mappedActs(tx: HospitalTransaction, message: Hl7Message, context: MessageContext): MappedAct[] {
  const { mapping, sender } = context;
  const visit = message.first('PV1')?.text(19) ?? '';
  const sentAt = message.header.text(7) ?? '';
  return readCodedActs(message).flatMap((act) => {
    const event = eventFor(mapping, act.kind, { sender, codes: codesOf(act.coded) });
    if (event === undefined) return [];
    const { type, ...fields } = event;
    const number = act.number ?? `${visit} ${act.coded.code ?? act.coded.alternate?.code ?? ''}`;
    if (number.length > LONGEST_NUMBER)
      throw invalid('invalid-input', msg('invalid-input'), [
        { pointer: '/PV1/19', code: 'too-long', message: msg('hl7-too-long', { limit: LONGEST_NUMBER }) },
      ]);
    const date = dayIn(act.at, tx.hospital.timeZone) as CalendarDate | undefined;
    const segment = act.kind === 'procedure' ? 'PR1' : 'DG1';
    return [{ ...act, type, fields, date, sentAt, report: `${segment} ${sender ?? ''} ${number}` }];
  });
}
