import { v7 as uuidv7 } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { AppointmentTime } from '../steps/item-step.entity.js';
import { reasonOf } from '../steps/step-reasons.js';
import type { Appointment } from './appointment.entity.js';
import type { BookingInput, MoveInput } from './appointment-schemas.js';

/** The appointment that a booking makes, with its texts in clear. */
export function newAppointment(
  tx: HospitalTransaction,
  input: BookingInput,
  outsideWindow: boolean,
): Appointment {
  const { date, time = null, halfDay = null, place = null, room = null, note = null } = input;
  return {
    ...{ id: uuidv7(), hospitalId: tx.hospital.id, patientId: input.patientId },
    ...{ date, time, halfDay, place, room, note, outsideWindow, version: 1, moves: 0, attentionSince: null },
    confirmedAt: null,
    ...(input.reason === undefined ? { reason: null, reasonNote: null } : wordedReason(input.reason)),
    ...{ outcome: null, outcomeNote: null, outcomeBy: null, outcomeAt: null },
    ...{ bookedBy: tx.caller.name, bookedAt: tx.now, changedBy: tx.caller.name, changedAt: tx.now },
  };
}

/** The appointment as the input changes it. What the input leaves out stays; a new day needs a new reason. */
export function changedBy(before: Appointment, input: MoveInput): Appointment {
  const after = { ...before, ...timesAfter(before, input), ...textsIn(input) };
  if (input.reason !== undefined) return { ...after, ...wordedReason(input.reason) };
  return after.date === before.date ? after : { ...after, reason: null, reasonNote: null };
}

/** Whether the patient has to come at another time. */
export const isMoved = (before: Appointment, after: Appointment): boolean =>
  (['date', 'time', 'halfDay'] as const).some((part) => after[part] !== before[part]);

export const timeOf = ({ date, time, halfDay, place }: Appointment): AppointmentTime => ({
  date,
  time,
  halfDay,
  place,
});

function wordedReason(given: string): Pick<Appointment, 'reason' | 'reasonNote'> {
  const { reason, note } = reasonOf('book', given, undefined);
  return { reason, reasonNote: note };
}

/** A half-day takes the place of a time, and the reverse. */
function timesAfter(
  before: Appointment,
  { date = before.date, time, halfDay, place = before.place }: MoveInput,
): AppointmentTime {
  return {
    ...{ date, place },
    time: time === undefined ? (halfDay ? null : before.time) : time,
    halfDay: halfDay === undefined ? (time ? null : before.halfDay) : halfDay,
  };
}

const textsIn = ({ room, note }: MoveInput): Partial<Pick<Appointment, 'room' | 'note'>> => ({
  ...(room !== undefined && { room }),
  ...(note !== undefined && { note }),
});
