import type { Language } from './language.js';

const DAY_MS = 86_400_000;
const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};

/** An item with this day of being overdue is never late. */
export const NEVER = '9999-12-31';

/** A calendar day is the same everywhere, so it is counted in UTC. */
const atNoon = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (day: string): number => atNoon(day).getUTCDay() || 7;

/** `周二` */
export const weekdayText = (day: string, language: Language): string =>
  WEEKDAYS[language][weekdayOf(day) % 7] ?? '';

/** `2026-11-03 周二` */
export const dayText = (day: string, language: Language): string => `${day} ${weekdayText(day, language)}`;

/** `11-03`, for places where the year is clear. */
export const shortDay = (day: string): string => day.slice(5);

/** How many days lie between; negative: `day` is past. */
export const daysFrom = (today: string, day: string): number =>
  Math.round((atNoon(day).getTime() - atNoon(today).getTime()) / DAY_MS);

export const addDays = (day: string, days: number): string =>
  new Date(atNoon(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);

/** `3 天后`, `今天`, `12 天前` */
export function distanceText(days: number, language: Language): string {
  if (language === 'zh') {
    if (days === 0) return '今天';
    return days > 0 ? `${days} 天后` : `${-days} 天前`;
  }
  if (days === 0) return 'today';
  const count = `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'}`;
  return days > 0 ? `in ${count}` : `${count} ago`;
}

/** `14:05` on the clock of the hospital. */
export const timeText = (instant: string, timeZone: string): string =>
  new Date(instant).toLocaleTimeString('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit' });

/** `2026-11-03 14:05` on the clock of the hospital. */
export const instantText = (instant: string, timeZone: string): string =>
  new Date(instant).toLocaleString('sv-SE', { timeZone }).slice(0, 16);

/** The instant at which the clock of the hospital shows this: `2026-11-03T14:05`. */
export function instantAt(shown: string, timeZone: string): string {
  const wanted = Date.parse(`${shown.slice(0, 16)}:00Z`);
  // The second step corrects a guess on the other side of a change to summer time.
  let guess = wanted;
  for (let step = 0; step < 2; step++) {
    const seen = instantText(new Date(guess).toISOString(), timeZone);
    guess += wanted - Date.parse(`${seen.replace(' ', 'T')}:00Z`);
  }
  return new Date(guess).toISOString();
}
