import { isDeepStrictEqual } from 'node:util';
import { type CalendarDate, calendarDate } from '../guideline/calendar.js';
import type { Message } from '../guideline/message.js';
import { msg, render } from '../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { lockPolicy, putInForce } from '../tenancy/policy-versions.js';
import type { HospitalPolicy } from '../tenancy/policy/hospital-policy.js';
import type { CalendarDays } from '../tenancy/policy/reminder-policy.js';
import { specialDays } from './calendar-rows.js';
import { WorkCalendar, worksOn, yearOf } from './work-calendar.js';

/** The last day that calendars contain. */
export const LAST_DAY = '2100-12-31' as CalendarDate;

/**
 * The policy with the special days of the work calendar, if its reminders leave on working days alone. Every policy that is
 * put in force contains them, so that a stored plan names the calendar by which its reminders were dated.
 */
export async function withWorkCalendar(
  tx: HospitalTransaction,
  policy: HospitalPolicy,
): Promise<HospitalPolicy> {
  const { workingDays, ...reminders } = policy.reminders;
  if (!workingDays) return { ...policy, reminders: { ...policy.reminders, workCalendar: undefined } };
  const before = policy.reminders.workCalendar;
  const days = await calendarDays(tx);
  // Days in the past date no reminder any more: the calendar of January is that of December.
  const isSame = before !== undefined && isDeepStrictEqual(since(tx.today, before), since(tx.today, days));
  return { ...policy, reminders: { ...reminders, workingDays, workCalendar: isSame ? before : days } };
}

/**
 * Puts the policy in force again with the calendar as it is now, if reminders depend on it. The plans of all patients are then
 * computed again in batches, as after every change of the policy, and no reminder of an older plan leaves meanwhile. Idempotent.
 */
export async function applyWorkCalendar(
  tx: HospitalTransaction,
  change: { readonly author: string; readonly reason: Message },
): Promise<void> {
  const { version, policy } = await lockPolicy(tx);
  const wanted = await withWorkCalendar(tx, policy);
  if (isDeepStrictEqual(wanted.reminders.workCalendar, policy.reminders.workCalendar)) return;
  const reason = render(change.reason, tx.hospital.language);
  await putInForce(tx, { version, policy: wanted }, { author: change.author, reason });
}

/**
 * The same for changes that no caller made: an upgrade of the program brought the calendar of another year. Reads only, if
 * nothing changed.
 */
export async function refreshWorkCalendar(tx: HospitalTransaction): Promise<void> {
  const { reminders } = tx.hospital.policy;
  if (!reminders.workingDays) return;
  const wanted = await withWorkCalendar(tx, tx.hospital.policy);
  if (isDeepStrictEqual(wanted.reminders.workCalendar, reminders.workCalendar)) return;
  await applyWorkCalendar(tx, { author: 'nedwatch', reason: msg('work-calendar-updated') });
}

/** The special days since the beginning of last year: reminders of late items are counted from there. */
async function calendarDays(tx: HospitalTransaction): Promise<CalendarDays> {
  const from = calendarDate(`${yearOf(tx.today) - 1}-01-01`);
  const days = new WorkCalendar([], await specialDays(tx, { from, to: LAST_DAY }), new Set()).specialDays();
  return {
    off: days.filter(({ kind }) => !worksOn(kind)).map(({ date }) => date),
    working: days.filter(({ kind }) => worksOn(kind)).map(({ date }) => date),
  };
}

const since = (day: CalendarDate, { off, working }: CalendarDays): CalendarDays => ({
  off: off.filter((date) => date >= day),
  working: working.filter((date) => date >= day),
});
