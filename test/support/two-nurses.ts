import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Answer, TestApp } from './app.js';
import { type AppointmentShown, appointmentsOf, type ItemNow } from './item-history.js';
import { answered } from './ward.js';

export interface Nurse {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

const KINDS = [
  ...(['book', 'move', 'attended', 'not_attended', 'cancelled_by_patient'] as const),
  ...(['defer', 'decline', 'reopen', 'complete', 'undo'] as const),
];
export type Kind = (typeof KINDS)[number];

/** One act of a nurse: `pause` milliseconds after the one before; `careful`: with the `ETag` that the nurse has read. */
export interface NurseAct {
  readonly kind: Kind;
  readonly pause: number;
  readonly days: number;
  readonly careful: boolean;
}

export const nurseActs = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    pause: fc.nat(6),
    days: fc.nat(4),
    careful: fc.boolean(),
  }),
  { minLength: 1, maxLength: 2 },
);

/** An item with the appointments of its patient, as a nurse reads it. */
export interface ReadState {
  readonly item: ItemNow;
  readonly appointments: readonly AppointmentShown[];
  readonly open: readonly AppointmentShown[];
}

/** What a nurse sent, and the answer. */
export interface Sent {
  readonly nurse: Nurse;
  readonly act: NurseAct;
  readonly ifMatch: string | undefined;
  readonly answer: Answer;
}

export async function readState(t: TestApp, itemId: string, { headers }: Nurse): Promise<ReadState> {
  const { item } = await answered<{ item: ItemNow }>(t.get(`/items/${itemId}`, headers));
  const appointments = await appointmentsOf(t, item.patientId, headers);
  return { item, appointments, open: appointments.filter(({ outcome }) => outcome === null) };
}

let minutes = 0;
/** Another time with each call, so that no move moves an appointment to where it is. */
const otherTime = (): string => {
  minutes = (minutes + 1) % 1440;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};

export const ON_APPOINTMENT: readonly Kind[] = ['move', 'attended', 'not_attended', 'cancelled_by_patient'];

/** All nurses at once: each begins with the same reading, goes through her acts, and reads again before the next one. */
export async function atOnce(
  t: TestApp,
  start: ReadState,
  work: readonly (readonly [Nurse, readonly NurseAct[]])[],
  inDays: (days: number) => string,
): Promise<Sent[]> {
  const sent = await Promise.all(work.map(([nurse, acts]) => oneNurse(t, start, nurse, acts, inDays)));
  return sent.flat();
}

async function oneNurse(
  t: TestApp,
  start: ReadState,
  nurse: Nurse,
  acts: readonly NurseAct[],
  inDays: (days: number) => string,
): Promise<Sent[]> {
  const sent: Sent[] = [];
  let read = start;
  for (const [index, act] of acts.entries()) {
    if (index > 0) read = await readState(t, start.item.id, nurse);
    await sleep(act.pause);
    const [appointment] = read.open;
    const isOnAppointment = ON_APPOINTMENT.includes(act.kind);
    if (isOnAppointment && !appointment) continue;
    const etag = isOnAppointment ? appointment!.etag : read.item.etag;
    const ifMatch = act.careful ? etag : undefined;
    const headers = { ...nurse.headers, ...(act.careful && { 'if-match': etag }) };
    const answer = await send(t, act, read, headers, inDays);
    sent.push({ nurse, act, ifMatch, answer });
  }
  return sent;
}

function send(
  t: TestApp,
  { kind, days }: NurseAct,
  { item, open }: ReadState,
  headers: Record<string, string>,
  inDays: (days: number) => string,
): Promise<Answer> {
  const { id, patientId } = item;
  const appointment = `/appointments/${open[0]?.id}`;
  const [date, time] = [inDays(days), otherTime()];
  switch (kind) {
    case 'book':
      return t.post('/appointments', { patientId, itemIds: [id], date, time, reason: 'away' }, headers);
    case 'move':
      return t.request('PATCH', appointment, { payload: { date, time, reason: 'no_slot' }, headers });
    case 'attended':
    case 'not_attended':
    case 'cancelled_by_patient':
      return t.post(`${appointment}/outcome`, { outcome: kind }, headers);
    case 'defer':
      return t.post(`/items/${id}/defer`, { until: inDays(days + 1), reason: 'away' }, headers);
    case 'decline':
      return t.post(`/items/${id}/decline`, { askAgainOn: inDays(days + 1), reason: 'cost' }, headers);
    case 'reopen':
    case 'undo':
      return t.post(`/items/${id}/${kind}`, {}, headers);
    case 'complete':
      return t.post(`/items/${id}/complete`, { date: inDays(0) }, headers);
  }
}
