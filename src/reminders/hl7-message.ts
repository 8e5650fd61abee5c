import { DateTime } from 'luxon';
import type { CalendarDate } from '../guideline/calendar.js';
import type { PlanChange } from '../schedules/reconcile.js';
import type { ItemEventData } from '../schedules/surveillance-events.js';
import type { EventType } from './event-types.js';
import type { ToldPatient } from './message-payload.js';
import { itemsOf, lastDayOf, type MessageContext, titleOf, type ToldMessage } from './told-message.js';

const US = 'NEDWATCH';
/** Our own codes (table 0396). */
const OURS = '99NEDWATCH';

/**
 * The message as HL7 v2.5.1 in ER7: pipes, UTF-8, each segment ended by a carriage return. What is about a patient is
 * OMG^O19, one order group for each examination. Their orders are ours (ORC-3), and what is said of them is that their
 * status has changed (SC), that they are changed (XX) or cancelled (OC); never that they are new (NW), for nobody has
 * ordered them. What is about the endpoint itself is NMD^N02. MSH-10 is the message's id, MSH-13 its sequence.
 */
export function hl7Message(message: ToldMessage, context: MessageContext): string {
  const { id, type, timestamp, sequence, about, patient } = message;
  const now = DateTime.fromJSDate(timestamp, { zone: context.timeZone }).toFormat('yyyyLLddHHmmssZZZ');
  const head = (structure: string): string =>
    segment(
      'MSH',
      {
        ...{
          2: '^~\\&',
          3: US,
          4: text(context.hospitalId),
          7: now,
          9: structure,
          10: id,
          11: 'P',
          12: '2.5.1',
        },
        ...{ 13: String(sequence), 18: 'UNICODE UTF-8' },
      },
      2, // MSH-1 is the separator itself
    );
  if (about === null) return [head('NMD^N02^NMD_N02'), segment('NCK', { 1: now })].join('');
  const orders =
    'added' in about
      ? [planOrder(about, about.patientId, now)]
      : itemsOf(about).map((item, index) => itemOrder(item, index + 1, { type, now, patient, context }));
  return [head('OMG^O19^OMG_O19'), patientGroup(about, patient, context), ...orders].join('');
}

/** Why the answer does not say that the message was taken: an acknowledgement with AA or CA that names it does. */
export function hl7Refusal(answer: string, id: string): string | null {
  const segments = answer.split(/[\r\n]+/);
  const separator = segments.find((line) => line.startsWith('MSH'))?.[3] ?? '|';
  const [, code, acknowledged, why] =
    segments.find((line) => line.startsWith(`MSA${separator}`))?.split(separator) ?? [];
  if (code === undefined) return 'without MSA: this is no acknowledgement of HL7 v2';
  if (code !== 'AA' && code !== 'CA') return `with MSA-1 ${code}${why ? `: ${why}` : ''}`;
  return acknowledged === id ? null : `with the acknowledgement of another message, ${acknowledged ?? ''}`;
}

function patientGroup(
  { patientId, mrn }: { readonly patientId: string; readonly mrn: string },
  patient: ToldPatient | undefined,
  { hospitalId }: MessageContext,
): string {
  const ids = `${composite(mrn, '', '', hospitalId, 'MR')}~${composite(patientId, '', '', US, 'PI')}`;
  // A name is required: S is one that keeps the patient unknown, L the legal one.
  if (!patient) return segment('PID', { 1: '1', 3: ids, 5: composite('', '', '', '', '', '', 'S') });
  const { name, birthDate, sex, phone, department } = patient;
  return [
    segment('PID', {
      ...{ 1: '1', 3: ids, 5: composite(name, '', '', '', '', '', 'L') },
      ...{ 7: date(birthDate), 8: SEXES[sex] ?? 'U', 13: phone === null ? '' : text(phone) },
    }),
    department === null ? '' : segment('PV1', { 1: '1', 2: 'N', 3: text(department) }),
  ].join('');
}

/** Table 0001. */
const SEXES: Readonly<Record<string, string>> = { male: 'M', female: 'F', other: 'O' };

/** Table 0119. */
const CONTROLS: Readonly<Partial<Record<EventType, string>>> = {
  'surveillance.item.cancelled': 'OC',
  'surveillance.item.rescheduled': 'XX',
};

/** Table 0038, of what is no longer open. */
const ENDED: Readonly<Record<string, string>> = {
  completed: 'CM',
  cancelled: 'CA',
  missed: 'DC',
  before_enrolment: 'DC',
};

function itemOrder(
  item: ItemEventData,
  number: number,
  of: { type: EventType; now: string; patient: ToldPatient | undefined; context: MessageContext },
): string {
  const { itemId, activity, due, status, completedOn } = item;
  const nurse = of.patient?.responsibleNurse;
  return [
    segment('ORC', {
      ...{ 1: CONTROLS[of.type] ?? 'SC', 3: composite(itemId, US) },
      ...{ 5: ENDED[status] ?? 'SC', 9: of.now },
    }),
    segment('TQ1', { 1: '1', 8: date(lastDayOf(item)) }),
    segment('OBR', {
      ...{ 1: String(number), 3: composite(itemId, US) },
      ...{ 4: composite(activity, titleOf(activity, of.context), OURS) },
      ...{ 7: completedOn === undefined ? '' : date(completedOn), 36: date(due) },
    }),
    nurse ? segment('CTD', { 1: composite('O', 'Responsible nurse'), 2: text(nurse) }) : '',
    ...observations(saidOf(item)),
  ].join('');
}

/** What an observation says: its name, type (table 0125) and encoded value. */
type Said = readonly [name: string, type: 'CWE' | 'DT' | 'NM', value: string];

function saidOf({ status, overdue, previousDue, escalatedTo, late }: ItemEventData): Said[] {
  const said: Said[] = [
    ['status', 'CWE', composite(status, '', OURS)],
    ['overdue', 'DT', date(overdue)],
  ];
  if (previousDue) said.push(['previous-due', 'DT', date(previousDue)]);
  if (escalatedTo) said.push(['escalated-to', 'CWE', composite(escalatedTo, '', OURS)]);
  if (late) said.push(['late', 'CWE', composite('Y', '', 'HL70136')]);
  return said;
}

function planOrder({ added, moved, cancelled, kept }: PlanChange, patientId: string, now: string): string {
  const counts = Object.entries({ added, moved, cancelled, kept });
  return [
    segment('ORC', { 1: 'SC', 3: composite(patientId, US), 5: 'SC', 9: now }),
    segment('OBR', { 1: '1', 3: composite(patientId, US), 4: composite('plan', 'Surveillance plan', OURS) }),
    ...observations(counts.map(([name, count]): Said => [name, 'NM', String(count)])),
  ].join('');
}

const observations = (said: readonly Said[]): string[] =>
  said.map(([name, type, value], index) =>
    segment('OBX', { 1: String(index + 1), 2: type, 3: composite(name, '', OURS), 5: value, 11: 'F' }),
  );

/** A segment of fields by their numbers, which are encoded already; those that are missing are empty. */
function segment(name: string, fields: Readonly<Record<number, string>>, first = 1): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  const inOrder = Array.from({ length: last - first + 1 }, (_, index) => fields[first + index] ?? '');
  return `${name}|${inOrder.join('|').replace(/\|+$/, '')}\r`;
}

/** Texts as the components of one field. */
const composite = (...components: readonly string[]): string =>
  components.map(text).join('^').replace(/\^+$/, '');

/** A text with nothing in it that would be read as structure (chapter 2.7). */
const text = (value: string): string =>
  value.replace(/[\\|^&~\p{Cc}]/gu, (character) => `\\${ESCAPES[character] ?? hexOf(character)}\\`);

const ESCAPES: Readonly<Record<string, string>> = { '\\': 'E', '|': 'F', '^': 'S', '&': 'T', '~': 'R' };

const hexOf = (character: string): string => `X${Buffer.from(character).toString('hex').toUpperCase()}`;

const date = (day: CalendarDate | string): string => day.replaceAll('-', '');
