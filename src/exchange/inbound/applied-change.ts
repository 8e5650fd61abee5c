import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';

/** A report of another system, by its sender and number, as far as it concerns one activity. */
export interface ReportKey {
  readonly report: string;
  readonly activity: string;
}

/** Where an appointment was before it was moved. */
export interface AppointmentBefore {
  readonly date: CalendarDate;
  readonly time: string | null;
  readonly halfDay: 'morning' | 'afternoon' | null;
  readonly place: string | null;
}

/** One thing that a message did, so that it can be taken back. */
export type Act =
  | {
      readonly is: 'recorded' | 'voided';
      readonly patientId: string;
      readonly eventId: string;
      /** The report that the event came from. */
      readonly report?: ReportKey;
    }
  | {
      readonly is: 'booked' | 'moved' | 'ended';
      readonly patientId: string;
      readonly appointmentId: string;
      /** The version of the appointment after the act: another one says that it was changed since. */
      readonly version: number;
      readonly before?: AppointmentBefore;
    }
  /** Data of the person: the next message or a person corrects them. */
  | { readonly is: 'person' | 'registered' | 'merged'; readonly patientId: string };

/** What a message or a resource of another system changed. */
export interface AppliedChange {
  readonly outcome: 'applied' | 'noted';
  readonly patientIds: readonly string[];
  /** The events that it recorded or voided. */
  readonly eventIds: readonly string[];
  /** What a person should know: what was left out, and why nothing changed. */
  readonly notes: readonly Message[];
  readonly acts: readonly Act[];
}

export const noted = (...notes: readonly Message[]): AppliedChange => ({
  ...{ outcome: 'noted', patientIds: [], eventIds: [], notes, acts: [] },
});

/** What these acts changed. */
export const done = (acts: readonly Act[], notes: readonly Message[] = []): AppliedChange => ({
  outcome: acts.length > 0 ? 'applied' : 'noted',
  patientIds: [...new Set(acts.map(({ patientId }) => patientId))],
  eventIds: acts.flatMap((act) => ('eventId' in act ? act.eventId : [])),
  ...{ notes, acts },
});

/** Several changes of one message as one. */
export const together = (changes: readonly AppliedChange[]): AppliedChange => ({
  outcome: changes.some(({ outcome }) => outcome === 'applied') ? 'applied' : 'noted',
  patientIds: [...new Set(changes.flatMap(({ patientIds }) => patientIds))],
  eventIds: changes.flatMap(({ eventIds }) => eventIds),
  notes: changes.flatMap(({ notes }) => notes),
  acts: changes.flatMap(({ acts }) => acts),
});
