import { addDays } from '../../guideline/calendar.js';
import type { Guideline, Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { NEVER } from '../../guideline/planned-item.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { surnameOf } from '../../patients/identity.js';
import { lines, msg, render } from '../../platform/messages/dictionary.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { EntryContent } from './calendar-entries.js';
import type { BookedAt } from './feed-items.js';

/** What the texts of an entry depend on beside its item. */
export interface EntryContext {
  readonly language: Language;
  readonly guideline: Guideline | undefined;
  /** Whether names and whole numbers are shown. */
  readonly names: boolean;
}

export interface PatientOfEntry {
  readonly mrn: string;
  /** Null: the owner of the feed may not see it. */
  readonly name: string | null;
}

/** The entry of an item on its day. */
export function contentOf(
  item: SurveillanceItem,
  { day, status }: Pick<EntryContent, 'day' | 'status'>,
  patient: PatientOfEntry,
  booked: BookedAt | undefined,
  context: EntryContext,
): EntryContent {
  const { language, guideline, names } = context;
  const activity = activityTitle(item.activity, guideline ?? {})[language];
  const words = { activity, patient: names ? named(patient) : abbreviated(patient) };
  return {
    ...{ itemId: item.id, patientId: item.patientId, day, status },
    summary: render(summaryOf(item, status, words, booked), language),
    description: render(descriptionOf(item, patient, names), language),
    location: status === 'CONFIRMED' ? (booked?.place ?? null) : null,
    category: activity,
  };
}

const named = ({ name, mrn }: PatientOfEntry): string => name ?? mrn;

/** Initials and the end of the number, never all of it: enough for a nurse who knows the patients. */
export function abbreviated({ name, mrn }: PatientOfEntry): string {
  const end = [...mrn].slice(-Math.min(4, [...mrn].length - 1)).join('');
  return [initialsOf(name ?? ''), [...mrn].length < 2 ? '' : `…${end}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** Of a Chinese name the surname's first character, of others the first letter of each word. */
function initialsOf(name: string): string {
  const trimmed = name.normalize('NFKC').trim();
  if (/^\p{Script=Han}/u.test(trimmed)) return [...surnameOf(trimmed)][0] ?? '';
  return trimmed
    .split(/\s+/)
    .slice(0, 4)
    .flatMap((word) => [...word].slice(0, 1))
    .map((letter) => `${letter.toUpperCase()}.`)
    .join('');
}

type Words = Readonly<Record<'activity' | 'patient', string>>;

function summaryOf(
  { state, step }: SurveillanceItem,
  status: EntryContent['status'],
  words: Words,
  booked: BookedAt | undefined,
): Message {
  if (status === 'CANCELLED') return msg('calendar-cancelled', words);
  if (state === 'completed') return msg('calendar-done', words);
  if (status === 'TENTATIVE')
    return step === 'deferred' ? msg('calendar-returns', words) : msg('calendar-due', words);
  const at = booked?.time ?? halfDayOf(booked);
  return at === null ? msg('calendar-booked', words) : msg('calendar-booked-at', { ...words, at });
}

const halfDayOf = (booked: BookedAt | undefined): Message | null =>
  booked?.halfDay === 'morning'
    ? msg('calendar-morning')
    : booked?.halfDay === 'afternoon'
      ? msg('calendar-afternoon')
      : null;

function descriptionOf(
  { earliest, overdue }: SurveillanceItem,
  { mrn }: PatientOfEntry,
  names: boolean,
): Message {
  const window =
    overdue === NEVER
      ? msg('calendar-window-open', { earliest })
      : msg('calendar-window', { earliest, last: addDays(overdue, -1) });
  return names ? lines([window, msg('calendar-patient', { mrn })]) : window;
}
