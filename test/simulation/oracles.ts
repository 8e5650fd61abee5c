import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { CHECKS, auditDeliveries } from '../../src/monitoring/delivery-audit.js';
import { type ReceivedMessage, verified } from '../support/webhook-receiver.js';
import { DAY, type ItemState } from './histories.js';
import type { ProgramProcess } from './hospital.js';
import type { Arrival } from './receivers.js';
import type { CleanSweep, World } from './world.js';

/** The initial policy of the hospital; written out, so that a change of it is noticed. */
const LEAD_DAYS = 14;

const MESSAGE_TYPES = /^surveillance\.item\.(upcoming|due|overdue)$/;

const shift = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** The day whose reminders may leave: it begins at 08:00 in a hospital eight hours ahead of UTC. */
const reminderDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

function grouped<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = nameOf(one);
    const group = groups.get(name);
    if (group) group.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

type Dates = Pick<ItemState, 'due' | 'overdue' | 'missedOn'>;

/** When each kind of reminder is due for an item, and until when; the minimum knowledge of the calendar. */
export function announcements({
  due,
  overdue,
  missedOn,
}: Dates): { kind: string; from: string; until: string }[] {
  const ends = missedOn ?? '9999-12-31';
  return [
    { kind: 'upcoming', from: shift(due, -LEAD_DAYS), until: due },
    { kind: 'due', from: due, until: overdue },
    { kind: 'overdue', from: overdue, until: ends },
  ]
    .filter(({ from }) => from < ends)
    .map((one) => ({ ...one, until: one.until < ends ? one.until : ends }));
}

interface DeliveryRow {
  readonly id: string;
  readonly url: string;
  readonly reminderId: string | null;
  readonly itemId: string | null;
  readonly kind: string | null;
  readonly due: string | null;
  readonly sequence: number | null;
  readonly state: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly recordedAt: Date | null;
  readonly superseded: boolean;
}

/** Every violation in the recorded simulation, in words. */
export async function breachesOf(world: World, doctor: ProgramProcess): Promise<string[]> {
  const { rows } = await world.admin.query<DeliveryRow>(
    `SELECT d.id, e.url, d.reminder_id AS "reminderId", r.item_id AS "itemId", r.kind, r.due, d.sequence, d.state, d.attempts,
            d.cancelled_reason AS reason, r.created_at AS "recordedAt",
            EXISTS (SELECT FROM reminder n WHERE n.item_id = r.item_id AND n.kind = r.kind AND n.item_revision > r.item_revision) AS superseded
       FROM delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id LEFT JOIN reminder r ON r.id = d.reminder_id`,
  );
  const deliveries = new Map(rows.map((row) => [row.id, row]));
  const messages = world.receivers.arrivals.map((arrival) => ({
    arrival,
    // Throws unless it is signed, and matches the catalogue of events.
    message: verified(arrival, world.secrets.get(arrival.endpoint)!),
  }));
  return [
    ...world.breaches,
    ...whatWasSent(world, messages),
    ...numbers(messages, rows),
    ...identities(messages, deliveries, world),
    ...repeats(world),
    ...ends(world, rows),
    ...whatWasDue(world, rows, world.sweeps),
    ...(await examination(doctor)),
    ...(await world.acts.breaches(world.admin, doctor)),
  ];
}

interface Sent {
  readonly arrival: Arrival;
  readonly message: ReceivedMessage;
}

/** The state of the item at that moment, by the commits until then. */
function stateAt(states: readonly ItemState[], at: number): ItemState | undefined {
  return states.findLast((state) => state.at <= at);
}

/** No reminder before its day, and none about an item that was done or cancelled before the claim of the attempt. */
function whatWasSent(world: World, messages: readonly Sent[]): string[] {
  return messages.flatMap(({ arrival, message: { type, data } }) => {
    const [, kind] = MESSAGE_TYPES.exec(type) ?? [];
    if (kind === undefined) return [];
    const what = `${kind} ${data['due']} of ${data['mrn']} ${data['activity']}, sent ${new Date(arrival.at).toISOString()}`;
    const dates = { due: String(data['due']), overdue: String(data['overdue']), missedOn: null };
    const announced = announcements(dates).find((one) => one.kind === kind);
    const found: string[] = [];
    if (!announced || announced.from > reminderDay(arrival.at)) found.push(`before its day: ${what}`);
    // The claim is known to the second. A commit in the same second may have followed it.
    const item = stateAt(world.nurses.items.get(String(data['itemId'])) ?? [], arrival.claimedAt * 1000 - 1);
    if (item?.state !== 'active' && !isYoung(world, String(data['itemId']), arrival))
      found.push(`of what is ${item?.state ?? 'unknown'}: ${what}`);
    return found;
  });
}

/** Whether the item's first state, or its return, was committed in the second of the claim. */
function isYoung(world: World, itemId: string, { claimedAt }: Arrival): boolean {
  const states = world.nurses.items.get(itemId) ?? [];
  return states.some(({ state, at }) => state === 'active' && Math.floor(at / 1000) === claimedAt);
}

/** Each endpoint's messages are numbered from 1 without a gap or a repetition. */
function numbers(messages: readonly Sent[], rows: readonly DeliveryRow[]): string[] {
  const found: string[] = [];
  const owners = new Map<string, string>();
  for (const { arrival, message } of messages) {
    const place = `${arrival.endpoint} #${message.sequence}`;
    const owner = owners.get(place) ?? arrival.id;
    owners.set(place, owner);
    if (owner !== arrival.id) found.push(`two messages have the number ${place}: ${owner}, ${arrival.id}`);
    if (message.id !== arrival.id) found.push(`the id of ${arrival.id} is another in its body`);
  }
  const byEndpoint = grouped(
    rows.filter(({ sequence }) => sequence !== null),
    ({ url }) => url,
  );
  for (const [url, numbered] of byEndpoint) {
    const given = numbered.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b);
    const gap = given.findIndex((sequence, index) => sequence !== index + 1);
    if (gap >= 0) found.push(`a gap in the numbers of ${url}: after ${gap}`);
    // A missing number belongs to a message whose sender died before it sent, and that was then cancelled.
    for (const { id, sequence, state } of numbered)
      if (state !== 'cancelled' && !owners.has(`${url} #${sequence}`))
        found.push(`the number ${url} #${sequence} never arrived: ${id}`);
  }
  return found;
}

/** One id for each reminder at each endpoint, committed before it is sent; the same body until it is opened again. */
function identities(
  messages: readonly Sent[],
  deliveries: ReadonlyMap<string, DeliveryRow>,
  world: World,
): string[] {
  const found: string[] = [];
  const ids = new Map<string, Set<string>>();
  for (const { arrival, message } of messages) {
    const delivery = deliveries.get(arrival.id);
    if (delivery?.url !== arrival.endpoint) found.push(`sent, and not on record: ${arrival.id}`);
    if (delivery && delivery.sequence !== message.sequence) found.push(`${arrival.id} has had two numbers`);
    if (!MESSAGE_TYPES.test(message.type)) continue;
    const description = `${arrival.endpoint} ${message.type} ${message.data['itemId']} ${message.data['due']}`;
    ids.set(description, (ids.get(description) ?? new Set()).add(arrival.id));
  }
  for (const [description, { size }] of ids) {
    const [, , itemId, due] = description.split(' ');
    const states = world.nurses.items.get(itemId!) ?? [];
    // An item that moved away and came back is announced again: each return allows one more.
    const returns = states.filter((state, at) => state.due === due && states[at - 1]?.due !== due).length;
    if (size > returns)
      found.push(`said under ${size} ids, after ${returns} changes of the item: ${description}`);
  }
  return found;
}

/**
 * No duplicate delivery unless a sender died or paused in between, or another process paused that may have held a
 * lock that the sender needed.
 */
function repeats(world: World): string[] {
  const accepted = grouped(
    world.receivers.arrivals.filter(({ status }) => status === 200),
    ({ id, endpoint }) => `${endpoint} ${id}`,
  );
  const found: string[] = [];
  let count = 0;
  for (const [description, arrivals] of accepted) {
    for (const [at, again] of arrivals.entries()) {
      const before = arrivals[at - 1];
      if (!before) continue;
      count++;
      const own = [before, again].flatMap(({ process }) => world.disturbed.get(process) ?? []);
      if (own.some(({ from, step }) => step >= before.claimStep && from <= again.step)) continue;
      if (world.standstills.some(({ at: from, endAt }) => endAt >= before.at && from <= again.at))
        world.figures.repeatsByOthers++;
      else found.push(`delivered twice though nothing happened: ${description}`);
    }
  }
  const { crashes, pauses } = world.figures;
  if (count > (crashes + pauses) * IN_FLIGHT) found.push(`${count} repeats of ${crashes} crashes`);
  world.figures.repeats = count;
  return found;
}

/** The most attempts of one process at one endpoint. */
const IN_FLIGHT = 200;

/** Nothing waits; each cancellation had a valid reason; each delivered message was accepted. */
function ends(world: World, rows: readonly DeliveryRow[]): string[] {
  const taken = new Set(world.receivers.arrivals.filter(({ status }) => status === 200).map(({ id }) => id));
  return rows.flatMap((row) => {
    const { id, state, reason, kind, itemId } = row;
    const what = `${kind ?? 'event'} ${row.due ?? ''} at ${row.url} (${id})`;
    if (state === 'delivered') return taken.has(id) ? [] : [`delivered, but nobody took it: ${what}`];
    if (state !== 'cancelled') return [`still ${state}: ${what}`];
    if (taken.has(id) && row.attempts === 0) return [`called off, but sent: ${what}`];
    const states = (itemId === null ? undefined : world.nurses.items.get(itemId)) ?? [];
    return isReason(row, reason, states, world.clock.now)
      ? []
      : [`called off as ${reason}, which it was not: ${what}`];
  });
}

function isReason(
  { due, recordedAt, superseded }: DeliveryRow,
  reason: string | null,
  all: readonly ItemState[],
  now: number,
): boolean {
  const since = recordedAt?.getTime() ?? 0;
  const states = all.filter((state, at) => (all[at + 1]?.at ?? Infinity) >= since || state.at >= since);
  if (reason === 'completed' || reason === 'cancelled') return states.some(({ state }) => state === reason);
  if (reason === 'moved') return states.some((state) => state.due !== due);
  if (reason === 'before-enrolment') return states.some(({ beforeEnrolment }) => beforeEnrolment);
  if (reason === 'missed')
    return states.some(({ missedOn }) => missedOn !== null && Date.parse(missedOn) <= now);
  return reason === 'superseded' && superseded;
}

/** The reminders required by the items alone: each was sent in every period in which the program could send it. */
function whatWasDue(world: World, rows: readonly DeliveryRow[], sweeps: readonly CleanSweep[]): string[] {
  const found: string[] = [];
  const description = grouped(rows, ({ itemId, kind, due }) => `${itemId} ${kind} ${due}`);
  let [asked, announced] = [0, 0];
  for (const [itemId, states] of world.nurses.items) {
    for (const [index, state] of states.entries()) {
      if (state.state !== 'active' || state.beforeEnrolment) continue;
      const next = states[index + 1];
      for (const { kind, from, until } of announcements(state)) {
        const window = { from: Date.parse(from), until: Date.parse(until) };
        const sweep = sweepWithin(sweeps, state, next, window);
        if (!sweep) continue;
        asked++;
        const made = description.get(`${itemId} ${kind} ${state.due}`);
        const what = `${kind} ${state.due} of ${state.key} (${itemId}), which the sweep of ${new Date(sweep.at).toISOString()} had to say`;
        if (!made) found.push(`not announced: ${what}`);
        else if (made.some((row) => row.state === 'delivered')) announced++;
        // Reminders that are valid at the end reached every subscriber.
        if (made && !next && window.until > world.clock.now && !announcedAll(made, kind))
          found.push(`not told to all: ${what}`);
      }
    }
  }
  Object.assign(world.figures, { asked, announced });
  return found;
}

function announcedAll(rows: readonly DeliveryRow[], kind: string): boolean {
  const urls = new Set(rows.filter(({ state }) => state === 'delivered').map(({ url }) => url));
  return urls.size === (kind === 'overdue' ? 3 : 2);
}

/** A sweep that began and ended while the item was unchanged, on a day on which the reminder is due. */
function sweepWithin(
  sweeps: readonly CleanSweep[],
  state: ItemState,
  next: ItemState | undefined,
  { from, until }: { readonly from: number; readonly until: number },
): CleanSweep | undefined {
  let [low, high] = [0, sweeps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sweeps[middle]!.step <= state.step || sweeps[middle]!.at < from) low = middle + 1;
    else high = middle;
  }
  const sweep = sweeps[low];
  return sweep && sweep.endStep < (next?.step ?? Infinity) && sweep.endAt < until ? sweep : undefined;
}

/** The delivery audit of the doctor, over the whole period. */
async function examination(doctor: ProgramProcess): Promise<string[]> {
  const scope = doctor.get(HospitalScope);
  const findings = await doctor.inHospital(() => scope.unaudited((tx) => auditDeliveries(tx, 10_000)));
  return CHECKS.filter((check) => findings[check].count > 0).map(
    (check) =>
      `the doctor finds ${check}: ${findings[check].count}, such as ${findings[check].examples.join(', ')}`,
  );
}
