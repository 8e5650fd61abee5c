import type { z } from 'zod';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import { render } from '../../platform/messages/dictionary.js';
import type { StepReason } from '../steps/step-reasons.js';
import { itemAtWork, reasonText } from '../steps/step-views.js';
import type { Appointment } from './appointment.entity.js';
import type { OutsideItem } from './appointment-refusals.js';
import type { ListedAppointment } from './appointment-lists.js';
import { appointmentETag, type AppointmentWithItems } from './appointment-rows.js';
import type { AppointmentAnswer, AppointmentView, OpenAppointmentView } from './appointment-schemas.js';

/** An appointment as a service answers it; `appointmentAnswer` words it. */
export interface AnsweredAppointment extends AppointmentWithItems {
  readonly today: CalendarDate;
  readonly outside: readonly OutsideItem[];
}

export const appointmentAnswer = (
  { appointment, items, today, outside }: AnsweredAppointment,
  language: Language,
): z.input<typeof AppointmentAnswer> => ({
  ...appointmentView(appointment, language),
  items: bookedItems(items, today),
  consequences: outside.map(({ item, consequence }) => ({
    itemId: item.id,
    text: render(consequence, language),
  })),
});

export const listedAppointment = (
  { appointment, items, patient, name, today }: ListedAppointment,
  language: Language,
): z.input<typeof OpenAppointmentView> => ({
  ...appointmentView(appointment, language),
  patient: { mrn: patient.mrn, name, department: patient.department },
  items: bookedItems(items, today),
});

const bookedItems = (items: AppointmentWithItems['items'], today: CalendarDate) =>
  items.map(({ item, outsideWindow }) => ({ ...itemAtWork(item, today), outsideWindow }));

export const appointmentView = (
  appointment: Appointment,
  language: Language,
): z.input<typeof AppointmentView> => ({
  ...{ id: appointment.id, patientId: appointment.patientId, date: appointment.date, time: appointment.time },
  ...{
    halfDay: appointment.halfDay,
    place: appointment.place,
    room: appointment.room,
    note: appointment.note,
  },
  reason: appointment.reason,
  reasonText: appointment.reason && render(reasonText(appointment.reason as StepReason), language),
  ...{
    reasonNote: appointment.reasonNote,
    outsideWindow: appointment.outsideWindow,
    moves: appointment.moves,
  },
  attentionSince: appointment.attentionSince?.toISOString() ?? null,
  confirmedAt: appointment.confirmedAt?.toISOString() ?? null,
  ...{ outcome: appointment.outcome, outcomeNote: appointment.outcomeNote, outcomeBy: appointment.outcomeBy },
  outcomeAt: appointment.outcomeAt?.toISOString() ?? null,
  ...{ bookedBy: appointment.bookedBy, bookedAt: appointment.bookedAt.toISOString() },
  ...{ changedBy: appointment.changedBy, changedAt: appointment.changedAt.toISOString() },
  etag: appointmentETag(appointment),
});
