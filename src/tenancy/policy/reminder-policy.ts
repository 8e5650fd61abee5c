import { z } from 'zod';
import { isCalendarDate, type CalendarDate } from '../../guideline/calendar.js';
import { issue } from '../../platform/messages/issues.js';

const days = z.int().min(0).max(90);

// Three years of public holidays, and 200 days a year that the hospital enters: see work-calendar.
const MOST_CALENDAR_DAYS = 2000;

const Day = z
  .string()
  .refine((written): written is CalendarDate => isCalendarDate(written), issue('not-a-date'))
  .meta({ type: 'string', format: 'date' });

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, issue('time-of-day-form'))
  .meta({ description: 'Wall-clock time at the hospital, HH:MM' });

const LeadDays = z
  .union([days, z.array(days).min(1).max(5)])
  .describe('Days before the due date on which `upcoming` is sent; of several, on each');

const OverdueEveryDays = z
  .int()
  .min(1)
  .max(90)
  .nullable()
  .describe(
    'While an examination is late, `overdue` is sent again every so many days; null: it is sent once',
  );

const Escalation = z
  .strictObject({
    responsibleNurseAfterDays: z.int().min(0).max(365),
    headNurseAfterDays: z.int().min(0).max(365),
  })
  .refine((after) => after.responsibleNurseAfterDays < after.headNurseAfterDays, {
    path: ['headNurseAfterDays'],
    message: issue('head-nurse-later'),
  })
  .nullable()
  .describe(
    'So many days after the first late day, `overdue` is sent again and names who has to act now; null: never',
  );

const WorkingDays = z
  .strictObject({
    weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 is Monday, 7 Sunday'),
    holidays: z.array(Day).max(400).default([]).describe('No working days, whatever the weekday'),
    extra: z.array(Day).max(400).default([]).describe('Working days, whatever the weekday'),
  })
  .nullable()
  .describe(
    'Reminders leave on these days alone: `upcoming` on the one before, `due` and `overdue` on the next; null: on every day',
  );

/** Settings that may differ by activity. */
const OfActivity = {
  leadDays: LeadDays.optional(),
  overdueEveryDays: OverdueEveryDays.optional(),
  escalation: Escalation.optional(),
};

const more = {
  overdueEveryDays: OverdueEveryDays.optional(),
  escalation: Escalation.optional(),
  until: TimeOfDay.nullable()
    .optional()
    .describe('From this time of day until `time` no reminder leaves: quiet hours; null: none'),
  workingDays: WorkingDays.optional(),
  digest: z
    .boolean()
    .optional()
    .describe(
      'Several reminders of one patient that leave together are one `surveillance.patient.digest`, to endpoints that asked for that type',
    ),
  activities: z
    .record(z.string(), z.strictObject(OfActivity))
    .optional()
    .describe('What is otherwise for single examinations, by the activity'),
};

/** When reminders leave, how often, and to whom they are escalated. */
export const ReminderPolicy = z
  .object({
    leadDays: LeadDays.default(14),
    /** The hospital's wall-clock time from which a day's reminders leave. */
    time: TimeOfDay.default('08:00'),
    ...more,
    workCalendar: z
      .object({ off: z.array(Day).max(MOST_CALENDAR_DAYS), working: z.array(Day).max(MOST_CALENDAR_DAYS) })
      .optional()
      .describe(
        'The special days of the work calendar (GET /work-calendar) that count with `workingDays`; the program writes them. The lists of `workingDays` take precedence',
      ),
  })
  .meta({ id: 'ReminderPolicy' });
export type ReminderPolicy = z.output<typeof ReminderPolicy>;
export type WorkingDays = NonNullable<ReminderPolicy['workingDays']>;
export type CalendarDays = NonNullable<ReminderPolicy['workCalendar']>;

/** A change to it. Absent fields stay; given ones replace the old values. */
export const ReminderPatch = z
  .strictObject({ leadDays: LeadDays.optional(), time: TimeOfDay.optional(), ...more })
  .meta({ id: 'ReminderPatch' });
export type ReminderPatch = z.output<typeof ReminderPatch>;

/** The settings for the reminders of one activity. */
export interface ReminderRules {
  readonly leadDays: readonly number[];
  readonly overdueEveryDays: number | null;
  readonly escalation: NonNullable<ReminderPolicy['escalation']> | null;
  readonly workingDays: WorkingDays | null;
}

export function rulesFor(policy: ReminderPolicy, activity: string): ReminderRules {
  const own = policy.activities?.[activity];
  const leadDays = own?.leadDays ?? policy.leadDays;
  const pick = <K extends 'overdueEveryDays' | 'escalation'>(field: K) =>
    (own?.[field] === undefined ? policy[field] : own[field]) ?? null;
  return {
    leadDays: typeof leadDays === 'number' ? [leadDays] : leadDays,
    overdueEveryDays: pick('overdueEveryDays'),
    escalation: pick('escalation'),
    workingDays: workingDaysOf(policy),
  };
}

/** By the policy, because every item asks for them. */
const combined = new WeakMap<ReminderPolicy, WorkingDays>();

/** The working days of the policy with the special days of the work calendar; a day in both is as the policy says. */
function workingDaysOf(policy: ReminderPolicy): WorkingDays | null {
  const { workingDays, workCalendar } = policy;
  if (!workingDays || !workCalendar) return workingDays ?? null;
  const known = combined.get(policy);
  if (known) return known;
  const { weekdays, holidays, extra } = workingDays;
  const days: WorkingDays = {
    weekdays,
    holidays: [...holidays, ...workCalendar.off.filter((day) => !extra.includes(day))],
    extra: [...extra, ...workCalendar.working.filter((day) => !holidays.includes(day))],
  };
  combined.set(policy, days);
  return days;
}

/** The longest lead time before a due date, in days; working days may add a month. */
export const longestLead = (policy: ReminderPolicy): number =>
  Math.max(
    ...[
      policy.leadDays,
      ...Object.values(policy.activities ?? {}).map(({ leadDays }) => leadDays ?? 0),
    ].flat(),
  ) + (policy.workingDays ? MOVED_AT_MOST_DAYS : 0);

/** The search for the next working day ends here. */
export const MOVED_AT_MOST_DAYS = 31;
