import { z } from 'zod';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';
import { FARTHEST_DAYS, ItemAtWork, Note, ReasonInput } from '../steps/step-schemas.js';
import { HALF_DAYS, OUTCOMES } from './appointment.entity.js';

/** How many items one appointment covers at most. */
export const MOST_ITEMS = 20;

const Day = CalendarDay.describe(`Today or later, at most ${FARTHEST_DAYS} days ahead`);
const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, issue('time-of-day-form'))
  .describe('HH:MM');
const HalfDay = z.enum(HALF_DAYS);
const Place = text(100).describe(
  'A department or hospital; calendars select by it. Not for what is about the patient',
);
const Room = text(100);
const Reason = ReasonInput('book').describe(
  'Required (409 `outside-window`) where the day lies outside the window of an item that is not overdue',
);

interface TimeGiven {
  readonly time?: string | null | undefined;
  readonly halfDay?: string | null | undefined;
}
export const isOneTime = ({ time, halfDay }: TimeGiven): boolean => !time || !halfDay;
export const BOTH_TIMES = { error: issue('time-or-half-day'), path: ['halfDay'] };

export const BookingInput = z
  .strictObject({
    patientId: z.uuid(),
    itemIds: z.array(z.uuid()).min(1).max(MOST_ITEMS).describe('Open items of the patient'),
    date: Day,
    time: TimeOfDay.optional(),
    halfDay: HalfDay.optional(),
    place: Place.optional(),
    room: Room.optional(),
    note: Note,
    reason: Reason.optional(),
  })
  .refine(isOneTime, BOTH_TIMES)
  .meta({ id: 'BookingInput' });
export type BookingInput = z.output<typeof BookingInput>;

export const MoveInput = z
  .strictObject({
    itemIds: z
      .array(z.uuid())
      .min(1)
      .max(MOST_ITEMS)
      .optional()
      .describe('All items that it covers from now on; those that are left out have to be booked again'),
    date: Day.optional(),
    time: TimeOfDay.nullable().optional(),
    halfDay: HalfDay.nullable().optional(),
    place: Place.nullable().optional(),
    room: Room.nullable().optional(),
    note: Note.nullable().optional(),
    reason: Reason.optional(),
  })
  .refine(isOneTime, BOTH_TIMES)
  .meta({
    id: 'MoveInput',
    description: 'What is left out stays; null takes it away. Ends `attentionSince`.',
  });
export type MoveInput = z.output<typeof MoveInput>;

export const OutcomeInput = z
  .strictObject({ outcome: z.enum(OUTCOMES), note: Note })
  .meta({ id: 'AppointmentOutcomeInput' });
export type OutcomeInput = z.output<typeof OutcomeInput>;

const BookedItem = ItemAtWork.extend({
  outsideWindow: z.boolean().describe('The day lay outside its window when it was booked or moved'),
}).meta({ id: 'BookedItem' });

export const AppointmentView = z
  .object({
    id: z.uuid(),
    patientId: z.uuid(),
    date: z.iso.date(),
    time: z.string().nullable(),
    halfDay: z.string().nullable().describe(HALF_DAYS.join(' or ')),
    place: z.string().nullable(),
    room: z.string().nullable(),
    note: z.string().nullable(),
    reason: z.string().nullable(),
    reasonText: z.string().nullable(),
    reasonNote: z.string().nullable(),
    outsideWindow: z
      .boolean()
      .describe('The day lay outside the window of an item when it was booked or moved'),
    moves: z.int().describe('How often it was moved to another day or time'),
    attentionSince: z.iso
      .datetime()
      .nullable()
      .describe('The plan has since taken away, completed or moved an item of it: check the appointment'),
    confirmedAt: z.iso
      .datetime()
      .nullable()
      .describe('When the patient or a relative confirmed day and time; null: not since they last changed'),
    outcome: z
      .string()
      .nullable()
      .describe(`${OUTCOMES.join(', ')}, or withdrawn: the booking was undone. null: it is open`),
    outcomeNote: z.string().nullable(),
    outcomeBy: z.string().nullable(),
    outcomeAt: z.iso.datetime().nullable(),
    bookedBy: z.string(),
    bookedAt: z.iso.datetime(),
    changedBy: z.string(),
    changedAt: z.iso.datetime(),
    etag: z.string().describe('For `If-Match`'),
  })
  .meta({ id: 'Appointment' });

export const OpenAppointmentView = AppointmentView.extend({
  patient: z.object({
    mrn: z.string(),
    name: z.string().nullable().describe('null for callers who may not see it'),
    department: z.string().nullable(),
  }),
  items: z.array(BookedItem).max(MOST_ITEMS),
}).meta({ id: 'OpenAppointment' });

export const AppointmentAnswer = AppointmentView.extend({
  items: z.array(BookedItem),
  consequences: z
    .array(z.object({ itemId: z.uuid(), text: z.string() }))
    .describe('What the day means for items outside whose window it lies'),
}).meta({ id: 'AppointmentAnswer' });
