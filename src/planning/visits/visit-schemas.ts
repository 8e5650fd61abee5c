import { z } from 'zod';
import { MOST_PLANNED } from './visits.service.js';

export const VisitsQuery = z.object({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(400)
    .default(183)
    .describe('Items that are due within so many days from today, and everything overdue'),
});

const Reason = z.object({ code: z.string(), text: z.string() });

const VisitItem = z
  .object({
    itemId: z.uuid(),
    activity: z.string(),
    title: z.string().describe('The name of the activity'),
    earliest: z.iso.date(),
    due: z.iso.date(),
    last: z.iso.date().nullable().describe('The last day in time; null: it is never late'),
    placement: z
      .enum(['booked', 'in_window', 'late', 'early'])
      .describe(
        'booked: on the appointment already; in_window: in time; late: overdue, or put off beyond its window; early: before its window, because no day of it is possible. POST /appointments asks for a reason for early',
      ),
  })
  .meta({ id: 'VisitItem' });

const VisitView = z
  .object({
    date: z.iso.date(),
    appointmentId: z
      .uuid()
      .nullable()
      .describe(
        'The open appointment of that day; null: the visit is a proposal. Add its items with PATCH /appointments/{id}',
      ),
    items: z.array(VisitItem).max(MOST_PLANNED),
    reasons: z.array(Reason).max(MOST_PLANNED).describe('Why on this day; empty: nothing is proposed to add'),
  })
  .meta({ id: 'Visit' });

export const VisitsView = z
  .object({
    asOf: z.iso.date().describe('The day of the hospital by which visits were proposed'),
    to: z.iso.date().describe('Items due up to this day are planned'),
    visits: z
      .array(VisitView)
      .max(2 * MOST_PLANNED)
      .describe('The earliest first; open appointments among them'),
    unplanned: z
      .array(VisitItem.omit({ placement: true }).extend({ reason: Reason }))
      .max(MOST_PLANNED)
      .describe('Items for which no day is possible, and why'),
  })
  .meta({ id: 'Visits' });
export type VisitsView = z.input<typeof VisitsView>;
