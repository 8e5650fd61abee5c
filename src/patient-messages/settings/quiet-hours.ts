import { DateTime } from 'luxon';
import type { MessageSettings } from './message-settings.js';

/**
 * The end of the quiet hours in which `now` lies; null: messages may leave. Times are of the hospital's day, and a night may
 * be an hour shorter or longer there.
 */
export function quietUntil(
  now: Date,
  timeZone: string,
  { quietFrom, quietUntil: end }: Pick<MessageSettings, 'quietFrom' | 'quietUntil'>,
): Date | null {
  if (quietFrom === end) return null;
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const time = local.toFormat('HH:mm');
  const isQuiet = quietFrom < end ? time >= quietFrom && time < end : time >= quietFrom || time < end;
  if (!isQuiet) return null;
  const [hour, minute] = end.split(':').map(Number);
  const today = local.set({ hour: hour ?? 0, minute: minute ?? 0, second: 0, millisecond: 0 });
  return (today > local ? today : today.plus({ days: 1 })).toJSDate();
}
