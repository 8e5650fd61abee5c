import { DateTime } from 'luxon';
import { activityTitle } from '../../guideline/vocabulary.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { later } from '../../guideline/planned-item.js';
import { DomainError } from '../../platform/domain-error.js';
import { permitsChange } from '../../platform/http/if-match.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { consequenceOf, isOutside, type ItemWindow, needsReason, windowOf } from '../steps/item-window.js';
import { lastDoneOf } from '../steps/step-refusals.js';
import type { Appointment } from './appointment.entity.js';
import { appointmentETag } from './appointment-rows.js';

/** An item outside whose window a day lies, and what that means. */
export interface OutsideItem {
  readonly item: SurveillanceItem;
  readonly consequence: Message;
}

/** Those of a patient's items outside whose window the day lies; one query. */
export async function outsideItems(
  tx: Pick<HospitalTransaction, 'db' | 'hospital'>,
  items: readonly SurveillanceItem[],
  day: CalendarDate,
): Promise<readonly OutsideItem[]> {
  const outside = items.filter((item) => isOutside(item, day));
  const [first] = outside;
  if (!first) return [];
  const done = await lastDoneOf(
    tx,
    first.patientId,
    outside.map(({ activity }) => activity),
  );
  return outside.flatMap((item) => {
    const consequence = consequenceOf(item, day, done.get(item.activity) ?? null);
    return consequence === null ? [] : [{ item, consequence }];
  });
}

/** Refuses (409 `outside-window`) a day outside the window of an item that is not overdue, unless a reason is given. */
export async function refuseOutsideWindow(
  tx: HospitalTransaction,
  outside: readonly OutsideItem[],
  day: CalendarDate,
  reason: string | undefined | null,
): Promise<void> {
  const asking = outside.filter(({ item }) => needsReason(item, day, tx.today));
  if (asking.length === 0 || typeof reason === 'string') return;
  const consequences: Message[] = [];
  for (const { item, consequence } of asking) {
    const guideline = (await tx.guidelines.find(item.guideline)) ?? {};
    const activity = activityTitle(item.activity, guideline);
    consequences.push(msg('outside-window-of', { activity, consequence }));
  }
  const message = msg('reason-needed-outside');
  throw new DomainError(
    'conflict',
    'outside-window',
    msg('outside-window', { consequences }),
    [{ pointer: '/reason', code: 'required', message }],
    (language) => ({
      window: commonWindow(asking.map(({ item }) => windowOf(item))),
      items: asking.map(({ item, consequence }) => ({
        itemId: item.id,
        activity: item.activity,
        window: windowOf(item),
        consequence: render(consequence, language),
      })),
    }),
  );
}

/** The days that lie in the windows of all; null: there is none. `due` is the earliest due date. */
export function commonWindow(windows: readonly ItemWindow[]): ItemWindow | null {
  const common = windows.reduce((a, b) => ({
    earliest: later(a.earliest, b.earliest),
    due: a.due < b.due ? a.due : b.due,
    last: a.last === null || (b.last !== null && b.last < a.last) ? b.last : a.last,
  }));
  return common.last !== null && common.last < common.earliest ? null : common;
}

/** Refuses (412 `changed-meanwhile`) a change of an appointment that is no longer as the caller has read it. */
export function refuseChangedAppointment(
  { hospital }: Pick<HospitalTransaction, 'hospital'>,
  appointment: Appointment,
  ifMatch: string | undefined,
  view: (appointment: Appointment) => object,
): void {
  const etag = appointmentETag(appointment);
  if (permitsChange(ifMatch, etag)) return;
  const { changedBy, changedAt } = appointment;
  const at = DateTime.fromJSDate(changedAt, { zone: hospital.timeZone }).toFormat('yyyy-MM-dd HH:mm');
  throw new DomainError(
    'precondition-failed',
    'changed-meanwhile',
    msg('appointment-changed-since', { author: changedBy, at }),
    [],
    {
      appointmentId: appointment.id,
      etag,
      appointment: view(appointment),
      changedBy,
      changedAt: changedAt.toISOString(),
    },
  );
}

/** Refuses (409 `appointment-closed`) a change of an appointment that has an outcome. */
export function refuseClosed({ id, outcome }: Appointment): void {
  if (outcome === null) return;
  throw new DomainError(
    'conflict',
    'appointment-closed',
    msg('appointment-closed', { outcome: msg(`appointment-outcome-${outcome}`) }),
    [],
    { appointmentId: id, outcome },
  );
}
