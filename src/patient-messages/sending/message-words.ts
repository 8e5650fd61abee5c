import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language, Text } from '../../guideline/guideline.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { nameOfNurse, nursesOf } from '../../patients/responsible-nurse.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Relation } from '../../worklist/contacts/relations.js';
import type { MessageSettings } from '../settings/message-settings.js';
import type { MessageWords } from '../settings/occasions.js';
import { namedTogether } from '../templates/message-text.js';
import type { MessageFacts, Recipient } from './message-decision.js';
import type { MessageSubject } from './message-facts.js';

/** What fills the words in braces of one message. */
export async function messageWords(
  tx: HospitalTransaction,
  { facts, patient, identity, items, appointment, result }: MessageSubject,
  recipient: Recipient,
  { settings, language }: { readonly settings: MessageSettings; readonly language: Language },
): Promise<MessageWords> {
  const [hospital] = await tx.db.query<[{ name: string }]>('SELECT name FROM hospital WHERE id = $1', [
    tx.hospital.id,
  ]);
  const named = items.filter((item) => namedItems(facts).some(({ id }) => id === item.id));
  const activities = result?.resultOf ? [result.resultOf] : named.map(({ activity }) => activity);
  const nurse = nameOfNurse((await nursesOf(tx, [patient])).get(patient.id));
  const { relative } = recipient;
  const day = named[0]?.due ?? facts.aboutOn;
  const isOfItems = facts.occasion === 'due_soon' || facts.occasion === 'overdue';
  return {
    patient: identity?.name ?? '',
    hospital: hospital.name,
    phone: settings.phone ?? '',
    examinations: namedTogether(
      activities.map((activity) => titleOf(tx, activity)),
      language,
    ),
    date: writtenDate(isOfItems ? day : facts.aboutOn, tx.today, language),
    time: timeOf(appointment, language),
    place: appointment?.place ?? hospital.name,
    caller: nurse ?? render(msg('message-caller'), language),
    relative: relative?.name ?? '',
    relation: relative === null ? '' : render(msg(`relation-${relative.relation as Relation}`), language),
  };
}

/** The items that a message names: of a reminder those that still wait for an appointment. */
export function namedItems({ occasion, items }: MessageFacts): MessageFacts['items'] {
  if (occasion === 'appointment_tomorrow') return items;
  if (occasion === 'not_attended') return items.filter(({ isNotAttended }) => isNotAttended);
  return items.filter(({ isToBook }) => isToBook);
}

const titleOf = ({ hospital }: HospitalTransaction, activity: string): Text =>
  hospital.guideline ? activityTitle(activity, hospital.guideline) : { zh: activity, en: activity };

/** In Chinese without the year where it is the present one. */
function writtenDate(date: CalendarDate, today: CalendarDate, language: Language): string {
  if (language === 'en') return date;
  const [year, month, day] = date.split('-').map(Number);
  return `${date.slice(0, 4) === today.slice(0, 4) ? '' : `${year}年`}${month}月${day}日`;
}

function timeOf(appointment: MessageSubject['appointment'], language: Language): string {
  if (!appointment) return '';
  const { time, halfDay } = appointment;
  if (time !== null) return time;
  return halfDay === null ? '' : render(msg(`message-${halfDay}`), language);
}
