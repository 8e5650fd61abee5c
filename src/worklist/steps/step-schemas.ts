import { z } from 'zod';
import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { text } from '../../platform/text.js';
import { ItemView } from '../../schedules/item-view.js';
import { CompletedFields } from '../../schedules/recorded-view.js';
import { POSITIONS, STEP_KINDS } from './item-transitions.js';
import { type ReasonedStep, STEP_REASONS } from './step-reasons.js';

/** How far ahead an item can be deferred, asked about again, or booked. */
export const FARTHEST_DAYS = 400;

export const Note = text(1000).optional().describe('Free text; stored encrypted');

export const ReasonInput = (step: ReasonedStep) =>
  text(500).describe(
    `One of ${STEP_REASONS[step].join(', ')}. Any other text counts as \`other\` and is stored, encrypted, as the note.`,
  );

export const DeferInput = z
  .strictObject({
    until: CalendarDay.describe(
      `The day on which the item returns to the list: after today, at most ${FARTHEST_DAYS} days ahead`,
    ),
    reason: ReasonInput('defer'),
    note: Note,
  })
  .meta({ id: 'DeferInput' });

export const DeclineInput = z
  .strictObject({
    reason: ReasonInput('decline'),
    askAgainOn: CalendarDay.optional().describe(
      "The day on which the patient is asked again; default: after the hospital's number of days",
    ),
    note: Note,
  })
  .meta({ id: 'DeclineInput' });

export const ContraindicateInput = z
  .strictObject({
    reason: ReasonInput('contraindicate'),
    until: CalendarDay.optional().describe(
      'The day on which the item returns to the list; without it, it does not',
    ),
    substitute: text(61).optional().describe('The activity to be done instead'),
    note: Note,
  })
  .meta({ id: 'ContraindicateInput' });

export const ReopenInput = z.strictObject({ note: Note }).optional().meta({ id: 'ReopenInput' });

/** Refuses (422) a day that is not after today, or too far ahead. */
export function refuseWrongDay(
  day: CalendarDate,
  today: CalendarDate,
  pointer: string,
  firstDaysAhead = 1,
): void {
  const [first, last] = [addDays(today, firstDaysAhead), addDays(today, FARTHEST_DAYS)];
  if (day >= first && day <= last) return;
  const message = msg('day-outside-range', { day, first, last });
  throw invalid('invalid-input', msg('invalid-input'), [{ pointer, code: 'out-of-range', message }]);
}

export const ItemAtWork = ItemView.omit({ section: true, evidence: true, grade: true, reason: true })
  .extend({
    patientId: z.uuid(),
    step: z.enum(POSITIONS).describe('Where the item stands; what has returned by itself is `to_book`'),
    stepOn: z.iso.date().nullable().describe('The day of the appointment, examination or refusal'),
    stepUntil: z.iso.date().nullable().describe('The day on which it returns, or the patient is asked again'),
    returned: z
      .boolean()
      .describe('It has come back by itself from a deferral or a temporary contraindication'),
    etag: z.string().describe('For `If-Match`'),
  })
  .meta({ id: 'ItemAtWork' });

const AppointmentTimeView = z.object({
  date: z.iso.date(),
  time: z.string().nullable(),
  halfDay: z.string().nullable().describe('morning or afternoon'),
  place: z.string().nullable(),
});

export const StepView = z
  .object({
    id: z.uuid(),
    number: z.int().describe("Counts the changes of this item by people; the `ETag`'s second number"),
    step: z.enum(STEP_KINDS),
    from: z.enum(POSITIONS),
    to: z.enum(POSITIONS),
    on: z.iso.date().nullable(),
    until: z.iso.date().nullable(),
    takenAt: z.iso.datetime(),
    author: z.string(),
    reason: z.string().nullable().describe('The code of the reason'),
    reasonText: z.string().nullable().describe('The reason in the language of the answer'),
    note: z.string().nullable(),
    substitute: z.string().optional(),
    cancelledBy: z.enum(['patient', 'hospital']).optional(),
    appointment: AppointmentTimeView.optional(),
    before: AppointmentTimeView.optional().describe('Of a moved appointment: when it was before'),
    fromItemId: z
      .uuid()
      .optional()
      .describe('Of `merge`: the item of the merged record, whose history says what was done'),
    appointmentId: z.uuid().nullable(),
    eventId: z.uuid().nullable(),
    undone: z.object({ at: z.iso.datetime(), by: z.string() }).nullable(),
  })
  .meta({ id: 'ItemStep' });

export const PossibleStep = z
  .object({
    step: z.enum(STEP_KINDS),
    title: z.string(),
    call: z.string(),
    needs: z.array(z.string()).describe('The fields that the call needs'),
    takes: z.array(z.string()).describe('The fields that it also takes'),
    reasons: z.array(z.object({ code: z.string(), text: z.string() })).optional(),
  })
  .meta({ id: 'PossibleStep' });

const Undo = z
  .object({ step: z.enum(STEP_KINDS), until: z.iso.datetime() })
  .nullable()
  .describe('The step that the caller can undo (POST /items/{id}/undo), and until when');

/** The answer of a completion. */
export const CompletedView = CompletedFields.extend({
  undo: Undo,
  etag: z.string().describe('Of the item, for `If-Match`'),
}).meta({ id: 'CompletedItem' });

export const ItemAnswer = z
  .object({
    item: ItemAtWork,
    history: z.array(StepView).describe('The newest steps, the newest first, undone ones included'),
    possible: z.array(PossibleStep).describe('What the caller can do next'),
    undo: Undo,
    consequence: z.string().nullable().describe('What a day outside the window means'),
  })
  .meta({ id: 'ItemAnswer' });
