import { z } from 'zod';
import { CalendarDay } from '../../patients/clinical-event-input.js';
import { text } from '../../platform/text.js';
import { DAY_KINDS } from '../../work-calendar/work-calendar.js';
import { MOST_MOVABLE } from './movable-items.js';

export const CalendarQuery = z.object({
  from: CalendarDay.describe('The first day'),
  to: CalendarDay.describe('The last day, at most 100 days in all'),
  activity: text(100).optional(),
  place: text(100)
    .optional()
    .describe('As appointments name it. Items without an appointment have no place and are counted'),
});
export type CalendarInput = z.output<typeof CalendarQuery>;

/** A bound for lists of activities by place on one day. */
const MOST_SHARES = 2000;
const limit = z.int().nullable().describe('Exams that can be done; null: unlimited; 0 on a day off');

const CalendarDayView = z
  .object({
    date: z.iso.date(),
    isWorkingDay: z.boolean(),
    special: z
      .object({ kind: z.enum(DAY_KINDS), name: z.string() })
      .nullable()
      .describe('A public holiday, make-up workday or day of the hospital'),
    booked: z.int().describe('Items of open appointments on this day'),
    due: z.int().describe('Open items without an appointment whose due day this is'),
    capacity: limit,
    isOver: z.boolean().describe('More is booked than the day, or one activity, can take'),
    visible: z
      .object({ booked: z.int(), due: z.int() })
      .nullable()
      .describe('How many of these items are of patients whom the caller may see; null: see `sees`'),
    shares: z
      .array(
        z.object({
          activity: z.string(),
          place: z.string().nullable().describe('null: none, or one that no capacity names'),
          booked: z.int(),
          due: z.int(),
        }),
      )
      .max(MOST_SHARES),
  })
  .meta({ id: 'WardCalendarDay' });

export const WardCalendarView = z
  .object({
    sees: z
      .enum(['all', 'some', 'many'])
      .describe(
        'all: the caller may see every patient. some: `visible` counts those whom the caller may see. many: they are too many to count',
      ),
    days: z.array(CalendarDayView).max(100),
    weeks: z
      .array(
        z.object({
          from: z.iso.date().describe('The Monday; sums are over the days that were asked for'),
          booked: z.int(),
          due: z.int(),
          capacity: limit,
          isOver: z.boolean().describe('Booked and due items together exceed the capacity of the week'),
        }),
      )
      .max(16),
  })
  .meta({ id: 'WardCalendar' });
export type WardCalendarView = z.input<typeof WardCalendarView>;

export const ForecastQuery = z.object({
  weeks: z
    .enum(['13', '26', '52'])
    .default('13')
    .transform((weeks) => Number(weeks)),
  activity: text(100).optional(),
});
export type ForecastInput = z.output<typeof ForecastQuery>;

export const ForecastView = z
  .object({
    weeks: z
      .array(
        z.object({
          from: z.iso.date(),
          to: z.iso.date(),
          earliest: z.int().describe('Items of the week if each is done on its first day in time'),
          latest: z.int().describe('Items of the week if each is done on its last day in time'),
          booked: z.int().describe('Items of open appointments, which are in neither curve'),
          workingDays: z.int(),
          capacity: z.int().nullable(),
        }),
      )
      .max(52)
      .describe('The current week first; it contains everything that is open or overdue already'),
  })
  .meta({ id: 'Forecast' });
export type ForecastView = z.input<typeof ForecastView>;

export const LevelingQuery = z.object({ week: CalendarDay.describe('Any day of the week') });

const patientOfMove = {
  patientId: z.uuid(),
  mrn: z.string(),
  name: z.string().nullable().describe('null for callers who may not see it'),
};

export const LevelingView = z
  .object({
    from: z.iso.date().describe('The Monday of the week'),
    moves: z
      .array(
        z.object({
          ...patientOfMove,
          appointmentId: z
            .uuid()
            .nullable()
            .describe('Move it with PATCH /appointments/{id}; null: the items are not booked yet'),
          itemIds: z.array(z.uuid()).max(MOST_MOVABLE),
          activities: z.array(z.string()).max(MOST_MOVABLE).describe('Of the items, in their order'),
          from: z.iso.date(),
          to: z.iso.date(),
        }),
      )
      .max(MOST_MOVABLE),
    left: z
      .array(z.object({ ...patientOfMove, itemId: z.uuid(), activity: z.string(), day: z.iso.date() }))
      .max(MOST_MOVABLE)
      .describe('Items that no day inside their windows can take'),
    isPartial: z
      .boolean()
      .describe(`The week has more than ${MOST_MOVABLE} items: the others were not considered`),
  })
  .meta({ id: 'Leveling' });
export type LevelingView = z.input<typeof LevelingView>;
