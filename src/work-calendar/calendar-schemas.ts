import { z } from 'zod';
import { type CalendarDate, isCalendarDate } from '../guideline/calendar.js';
import { issue } from '../platform/messages/issues.js';
import { text } from '../platform/text.js';
import { DAY_KINDS, DAY_SOURCES } from './work-calendar.js';

/** The first and the last year of the calendar. */
export const [FIRST_YEAR, LAST_YEAR] = [2004, 2100];
const [first, last] = [`${FIRST_YEAR}-01-01`, `${LAST_YEAR}-12-31`];

/** A day of the calendar. */
export const WorkDay = z
  .string()
  .refine((given): given is CalendarDate => isCalendarDate(given), {
    error: ({ input }) => issue('no-such-date', { given: String(input) }),
    abort: true,
  })
  .refine((day) => day >= first && day <= last, issue('calendar-day-outside', { first, last }))
  .meta({ type: 'string', format: 'date' });

export const YearQuery = z.object({
  year: z.coerce
    .number()
    .int()
    .min(FIRST_YEAR)
    .max(LAST_YEAR)
    .optional()
    .describe('By default the current year of the hospital'),
});

const DayName = text(50);

export const DayInput = z
  .strictObject({
    kind: z
      .enum(['closure', 'extra_workday'])
      .describe(
        'closure: the hospital does not work on this day; extra_workday: it does, whatever the weekday',
      ),
    name: DayName.describe('Why, as people read it in the calendar'),
  })
  .meta({ id: 'WorkCalendarDayInput' });
export type DayInput = z.output<typeof DayInput>;

export const DayView = z
  .object({
    date: z.iso.date(),
    kind: z.enum(DAY_KINDS),
    isWorkingDay: z.boolean(),
    name: z.string(),
    source: z
      .enum(DAY_SOURCES)
      .describe(
        'The day counts as the last of these sources says: national (delivered with the program), import, hospital (PUT /work-calendar/days/{date}), policy (`reminders.workingDays`)',
      ),
  })
  .meta({ id: 'WorkCalendarDay' });

export const CalendarView = z
  .object({
    year: z.int(),
    provisional: z
      .boolean()
      .describe(
        'The public holidays of the year are not known: import them. Until then only weekdays and own days count',
      ),
    weekdays: z
      .array(z.int())
      .max(7)
      .describe('The working weekdays, from the policy or Monday to Friday; 1 is Monday, 7 Sunday'),
    days: z.array(DayView).max(366).describe('Days that differ from their weekday, in order'),
    papers: z.array(z.string()).max(10).describe('The announcements that an imported year names'),
    importedAt: z.iso.datetime().nullable(),
    importedBy: z.string().nullable(),
  })
  .meta({ id: 'WorkCalendar' });
export type CalendarView = z.input<typeof CalendarView>;

/** A file of the project holiday-cn: one year. Members of the file that say nothing about days are allowed. */
export const YearFile = z
  .strictObject({
    $schema: z.string().max(500).optional(),
    $id: z.string().max(500).optional(),
    year: z.int().min(FIRST_YEAR).max(LAST_YEAR),
    papers: z.array(text(500)).max(10).default([]).describe('Addresses of the announcements'),
    days: z
      .array(z.strictObject({ name: DayName, date: WorkDay, isOffDay: z.boolean() }))
      .max(150)
      .describe('isOffDay true: a public holiday; false: a make-up workday'),
  })
  .meta({ id: 'WorkCalendarImport' });
export type YearFile = z.output<typeof YearFile>;
