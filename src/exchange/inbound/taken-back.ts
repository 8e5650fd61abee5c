import { Injectable } from '@nestjs/common';
import type { Message } from '../../guideline/message.js';
import { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import type { ClinicalEventInput } from '../../patients/clinical-event-input.js';
import { openEvents } from '../../patients/event-text.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { AppointmentsService } from '../../worklist/appointments/appointments.service.js';
import type { Act } from './applied-change.js';
import { type ReportedExam, ReportedExams } from './reported-exams.js';

type EventAct = Extract<Act, { readonly eventId: string }>;
type AppointmentAct = Extract<Act, { readonly appointmentId: string }>;

/** What is taken back, and by which message it was done. */
export interface TakenBack {
  readonly sourceId: string;
  readonly acts: readonly Act[];
  readonly reason: string;
}

/** Takes back what a message or resource did, by the same services that did it. */
@Injectable()
export class TakingBack {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly appointments: AppointmentsService,
    private readonly exams: ReportedExams,
  ) {}

  /**
   * Refuses (409) with every reason where others changed it meanwhile, and where nothing can be taken back. Data of persons,
   * registrations and merges stay.
   */
  async takeBack(tx: HospitalTransaction, { sourceId, acts, reason }: TakenBack): Promise<void> {
    const own = latest(acts.filter((act) => 'eventId' in act || 'appointmentId' in act));
    if (own.length === 0) throw new DomainError('conflict', 'nothing-to-void', msg('nothing-to-void'));
    const reasons: Message[] = [];
    for (const act of own) reasons.push(...(await this.reasonsAgainst(tx, act, sourceId)));
    if (reasons.length > 0)
      throw new DomainError(
        'conflict',
        'changed-since-message',
        msg('changed-since-message', { reasons }),
        [],
        (language) => ({
          reasons: reasons.map((one) => render(one, language)),
        }),
      );
    for (const act of own.toReversed())
      if ('eventId' in act) await this.takeBackEvent(tx, act, { sourceId, reason });
      else await this.takeBackAppointment(act);
  }

  private async reasonsAgainst(
    tx: HospitalTransaction,
    act: EventAct | AppointmentAct,
    sourceId: string,
  ): Promise<Message[]> {
    if ('appointmentId' in act) {
      const { appointment } = await this.appointments.get(act.appointmentId);
      if (appointment.version !== act.version)
        return [msg('appointment-changed-by', { author: appointment.changedBy, date: appointment.date })];
      if (act.is === 'ended') return [msg('appointment-outcome-stays', { date: appointment.date })];
      return act.is === 'moved' && (act.before?.date ?? '') < tx.today ? [msg('appointment-day-passed')] : [];
    }
    const version = act.report && (await this.exams.find(tx, act.report));
    if (version && version.messageId !== sourceId) return [msg('report-has-later-version')];
    if (act.is === 'voided') return [];
    const event = await eventOf(tx, act);
    if (event === undefined || event.voidedAt !== null)
      return [msg('event-voided-since', { date: event?.date ?? '' })];
    return event.judgedAt === null ? [] : [msg('event-judged-since', { date: event.date })];
  }

  /** A voided event is recorded again; a recorded one is voided. The report then names the active one. */
  private async takeBackEvent(
    tx: HospitalTransaction,
    act: EventAct,
    { sourceId, reason }: Pick<TakenBack, 'sourceId' | 'reason'>,
  ): Promise<void> {
    const { patientId, eventId, report } = act;
    const version = report && (await this.exams.find(tx, report));
    const store = async (now: string | undefined): Promise<void> => {
      if (report === undefined || version === undefined) return;
      const stored: ReportedExam = { ...version, eventId: now, messageId: sourceId };
      await this.exams.store(tx, report, stored);
    };
    if (act.is === 'recorded') {
      await this.schedules.voidEvent(patientId, eventId, reason);
      return store(undefined);
    }
    const event = await eventOf(tx, act);
    if (event === undefined) return;
    const { type, date, detail } = event;
    const again = { ...detail, type, date, confirmed: true } as ClinicalEventInput;
    return store((await this.schedules.recordEvent(patientId, again)).event.id);
  }

  private async takeBackAppointment({ is, appointmentId, before }: AppointmentAct): Promise<void> {
    const call = { appointmentId, ifMatch: undefined };
    if (is === 'booked') await this.appointments.end(call, { outcome: 'cancelled_by_hospital' });
    else if (is === 'moved' && before) {
      const { date, time, halfDay, place } = before;
      await this.appointments.move(call, {
        date,
        place,
        ...(halfDay === null ? { time } : { halfDay }),
        reason: 'hospital_system',
      });
    }
  }
}

/** Of several acts on one appointment only the last has its version; the first one has what was before. */
function latest(acts: readonly Act[]): readonly (EventAct | AppointmentAct)[] {
  const own = acts as readonly (EventAct | AppointmentAct)[];
  return own.filter(
    (act, index) =>
      !('appointmentId' in act) ||
      !own
        .slice(index + 1)
        .some((later) => 'appointmentId' in later && later.appointmentId === act.appointmentId),
  );
}

async function eventOf(
  tx: HospitalTransaction,
  { eventId, patientId }: EventAct,
): Promise<ClinicalEvent | undefined> {
  const found = await tx.db.findBy(ClinicalEvent, { id: eventId, patientId, hospitalId: tx.hospital.id });
  const [event] = await openEvents(tx, found);
  return event;
}
