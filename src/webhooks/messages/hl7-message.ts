import { DateTime } from 'luxon';
import type { ItemEventData } from '../../schedules/surveillance-events.js';
import type { EventType } from './event-types.js';
import type { DisclosedPatient } from './message-payload.js';
import { itemsOf, type MessageContext, titleOf, type OutgoingMessage } from './outgoing-message.js';

const US = 'NEDWATCH';
/** Our own codes (table 0396). */
const OURS = '99NEDWATCH';

/**
 * The message as HL7 v2.5.1 in ER7: pipes, UTF-8, each segment ended by a carriage return. A message about items is
 * OMG^O19, with an order group for each item. The order numbers are ours (ORC-3). The order control says that the
 * status has changed (SC), that the order is changed (XX) or cancelled (OC); never that it is new (NW), because no
 * clinician has placed it. All dates are observations: a date in OBR-36 or TQ1-8 would mean that the order is booked,
 * or must not be done afterwards. A message about the endpoint itself is NMD^N02. The last segment is ZNW: sequence,
 * type, id, patient. Throws for a whole plan, which has no such message: `canExpress`.
 */
export function hl7Message(message: OutgoingMessage, context: MessageContext): string {
  const { id, type, timestamp, sequence, about, patient } = message;
  if (about !== null && 'added' in about) throw new Error('HL7 v2 has no message for a whole plan.');
  const now = DateTime.fromJSDate(timestamp, { zone: context.timeZone }).toFormat('yyyyLLddHHmmss.SSSZZZ');
  const head = (structure: string): string =>
    segment(
      'MSH',
      {
        ...{ 2: '^~\\&', 3: US, 4: `^${text(context.hospitalId)}^UUID`, 7: now, 9: structure },
        ...{ 10: controlIdOf(id), 11: 'P', 12: '2.5.1', 18: 'UNICODE UTF-8' },
      },
      2, // MSH-1 is the separator itself
    );
  const end = segment('ZNW', { 1: String(sequence), 2: type, 3: id, 4: about?.patientId ?? '' });
  if (about === null) {
    const note = message.note === undefined ? '' : segment('NTE', { 1: '1', 3: text(message.note) });
    return [head('NMD^N02^NMD_N02'), segment('NCK', { 1: now }), note, end].join('');
  }
  const orders = itemsOf(about).map((item, index) =>
    itemOrder(item, index + 1, { type, now, patient, context }),
  );
  return [head('OMG^O19^OMG_O19'), patientGroup(about.mrn, patient, context), ...orders, end].join('');
}

/** MSH-10: 20 characters of the message's id, the maximum of version 2.5.1. */
export const controlIdOf = (id: string): string =>
  BigInt(`0x${id.replaceAll('-', '')}`)
    .toString(36)
    .toUpperCase()
    .padStart(20, '0')
    .slice(-20);

/** Why the answer does not acknowledge the message; an acknowledgement with AA or CA that names it does. */
export function hl7Refusal(answer: string, id: string): string | null {
  const { MSA, ERR } = acknowledgementIn(answer);
  if (!MSA) return 'without MSA: this is no acknowledgement of HL7 v2';
  const [, code = '', acknowledged = '', why = ''] = MSA;
  const reason = why || (ERR?.[8] ?? '');
  if (code !== 'AA' && code !== 'CA') return `with MSA-1 ${code}${reason && `: ${reason}`}`;
  return acknowledged.trim() === controlIdOf(id)
    ? null
    : `with the acknowledgement of another message, ${acknowledged}`;
}

/** The acknowledging segments of an answer. Its other segments may identify the patient; null: there are none. */
export function shownAcknowledgement(answer: string): string | null {
  const shown = segmentsIn(answer).flatMap(
    (line) => /^(?:MSH|MSA|ERR)(?=\W)(?:(?!PID\|).)*/.exec(line) ?? [],
  );
  return shown.length > 0 ? shown.join('\n') : null;
}

/** Receivers that use MLLP may put its framing around the answer. */
const segmentsIn = (answer: string): string[] => answer.replace(/[\u000B\u001C]/g, '').split(/[\r\n]+/);

/** Its fields by their numbers. */
function acknowledgementIn(answer: string): Readonly<Record<'MSA' | 'ERR', string[] | undefined>> {
  const segments = segmentsIn(answer);
  const separator = segments.find((line) => line.startsWith('MSH'))?.[3] ?? '|';
  const of = (name: string): string[] | undefined =>
    segments.find((line) => line.startsWith(name + separator))?.split(separator);
  return { MSA: of('MSA'), ERR: of('ERR') };
}

function patientGroup(
  mrn: string,
  patient: DisclosedPatient | undefined,
  { hospitalId }: MessageContext,
): string {
  const fields = { 1: '1', 3: `${text(mrn)}^^^&${text(hospitalId)}&UUID^MR` };
  // A name is required. The first one has type L (legal) and the receiver's own spelling; S means that the name is
  // withheld.
  if (!patient) return segment('PID', { ...fields, 5: '~^^^^^^S' });
  const { name, birthDate, sex, phone } = patient;
  return segment('PID', {
    ...{ ...fields, 5: composite(name, '', '', '', '', '', 'L') },
    ...{ 7: date(birthDate), 8: SEXES[sex] ?? 'U', 13: phone === null ? '' : text(phone) },
  });
}

/** Table 0001. */
const SEXES: Readonly<Record<string, string>> = { male: 'M', female: 'F', other: 'O' };

/** Table 0119. */
const CONTROLS: Readonly<Partial<Record<EventType, string>>> = {
  'surveillance.item.cancelled': 'OC',
  'surveillance.item.rescheduled': 'XX',
};

/** Table 0038. Other states are left empty: none of its codes is true of an item that is not booked. */
const ENDED: Readonly<Record<string, string>> = { completed: 'CM', cancelled: 'CA' };

function itemOrder(
  item: ItemEventData,
  number: number,
  of: { type: EventType; now: string; patient: DisclosedPatient | undefined; context: MessageContext },
): string {
  const { itemId, activity, status, completedOn } = item;
  const nurse = of.patient?.responsibleNurse;
  return [
    segment('ORC', {
      ...{ 1: CONTROLS[of.type] ?? 'SC', 3: composite(itemId, US) },
      ...{ 5: ENDED[status] ?? '', 9: of.now },
    }),
    segment('OBR', {
      ...{ 1: String(number), 3: composite(itemId, US) },
      ...{ 4: composite(activity, titleOf(activity, of.context), OURS) },
      ...{ 7: completedOn === undefined ? '' : date(completedOn) },
    }),
    nurse ? segment('CTD', { 1: composite('O', 'Responsible nurse'), 2: text(nurse) }) : '',
    ...observations(observationsOf(item, of.patient)),
  ].join('');
}

/** The content of an observation: its name, type (table 0125) and encoded value. */
type Observation = readonly [name: string, type: 'CWE' | 'DT' | 'ST', value: string];

function observationsOf(
  { status, due, overdue, previousDue, escalatedTo, late }: ItemEventData,
  patient: DisclosedPatient | undefined,
): Observation[] {
  const observed: Observation[] = [
    ['status', 'CWE', composite(status, '', OURS)],
    ['due', 'DT', date(due)],
    ['overdue', 'DT', date(overdue)],
  ];
  if (previousDue) observed.push(['previous-due', 'DT', date(previousDue)]);
  if (escalatedTo) observed.push(['escalated-to', 'CWE', composite(escalatedTo, '', OURS)]);
  if (late) observed.push(['late', 'CWE', composite('Y', '', 'HL70136')]);
  if (patient?.department) observed.push(['department', 'ST', text(patient.department)]);
  return observed;
}

const observations = (observed: readonly Observation[]): string[] =>
  observed.map(([name, type, value], index) =>
    segment('OBX', { 1: String(index + 1), 2: type, 3: composite(name, '', OURS), 5: value, 11: 'F' }),
  );

/** A segment with encoded fields by their numbers; missing fields are empty. */
function segment(name: string, fields: Readonly<Record<number, string>>, first = 1): string {
  const last = Math.max(...Object.keys(fields).map(Number));
  const inOrder = Array.from({ length: last - first + 1 }, (_, index) => fields[first + index] ?? '');
  return `${name}|${inOrder.join('|').replace(/\|+$/, '')}\r`;
}

/** Texts as the components of one field. */
const composite = (...components: readonly string[]): string =>
  components.map(text).join('^').replace(/\^+$/, '');

/** A text with every structural character escaped (chapter 2.7). */
const text = (value: string): string =>
  value.replace(/[\\|^&~\p{Cc}]/gu, (character) => `\\${ESCAPES[character] ?? hexOf(character)}\\`);

const ESCAPES: Readonly<Record<string, string>> = { '\\': 'E', '|': 'F', '^': 'S', '&': 'T', '~': 'R' };

const hexOf = (character: string): string => `X${Buffer.from(character).toString('hex').toUpperCase()}`;

const date = (day: string): string => day.replaceAll('-', '');
