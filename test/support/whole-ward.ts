import { CLOSING_EVENTS } from '../../src/guideline/facts.js';
import type { TestApp } from './app.js';
import { answered, type ScheduledItem } from './ward.js';

/** The headers of the caller who reads. */
export type Reader = Readonly<Record<string, string>>;

/** An open item as a row of the worklist shows it. */
export interface ListedItem extends ScheduledItem {
  readonly step: string | null;
  readonly stepOn: string | null;
  readonly stepUntil: string | null;
  readonly etag: string;
}

/** A patient as `POST /worklist/search` shows one: with all items that are open now, or that people have acted on. */
export interface ListedPatient {
  readonly patient: { readonly id: string; readonly mrn: string };
  readonly contact: { readonly restsUntil: string | null } | null;
  readonly items: readonly ListedItem[];
}

interface Ownership {
  readonly activity: string | null;
  readonly duty: string;
  readonly people: readonly { readonly id: string }[];
  readonly by: string;
}

interface PatientNow extends ListedPatient {
  readonly name: string;
  /** False after a death, a move to another hospital, a loss or a withdrawn consent. */
  readonly isFollowedUp: boolean;
  readonly scheduled: readonly ScheduledItem[];
  readonly owners: readonly Ownership[];
}

/** All patients of a ward and all lists of items at one moment, read by the calls that nurses use. */
export interface WholeWard {
  readonly today: string;
  readonly patients: readonly PatientNow[];
  /** The ids of the items on each list. */
  readonly lists: ReadonlyMap<string, ReadonlySet<string>>;
  /** The patients about whom a clinician has to decide, as after a recurrence, when the guideline dates nothing. */
  readonly undecided: ReadonlySet<string>;
  /** The people with an open account. */
  readonly staff: ReadonlySet<string>;
}

const ITEM_LISTS = [
  ...['overdue', 'due', 'this_week', 'to_book', 'booked', 'booked_passed'],
  ...['awaiting_result', 'not_attended', 'returned', 'ask_again'],
];

/** All rows of all pages of a call. */
export async function allRows<Row>(t: TestApp, path: string, reader: Reader, limit = 100): Promise<Row[]> {
  const rows: Row[] = [];
  const start = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`;
  for (let cursor = ''; ;) {
    const page = await answered<{ items: Row[]; nextCursor: string | null }>(t.get(start + cursor, reader));
    rows.push(...page.items);
    if (page.nextCursor === null) return rows;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** The hospital's calendar day; hospitals of tests are in China. */
export const todayOf = async (t: TestApp): Promise<string> =>
  new Date((await t.now()).getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

export async function listedPatient(t: TestApp, mrn: string, reader: Reader): Promise<ListedPatient> {
  const { items } = await answered<{ items: ListedPatient[] }>(
    t.post('/worklist/search', { q: mrn }, reader),
  );
  if (items.length !== 1) throw new Error(`${items.length} patients have the number ${mrn}.`);
  return items[0]!;
}

/** `reader` may see everything in the hospital: the head nurse. */
export async function wholeWard(t: TestApp, reader: Reader): Promise<WholeWard> {
  const patients: PatientNow[] = [];
  for (const one of await allRows<{ id: string; mrn: string; name: string }>(t, '/patients', reader))
    patients.push(await patientNow(t, one, reader));
  const lists = new Map<string, ReadonlySet<string>>();
  for (const list of ITEM_LISTS) {
    const rows = await allRows<{ id: string }>(t, `/worklist?list=${list}&view=items`, reader);
    lists.set(list, new Set(rows.map(({ id }) => id)));
  }
  const { items } = await answered<{ items: { person: { id: string; active: boolean } }[] }>(
    t.get('/owners', reader),
  );
  const staff = new Set(items.filter(({ person }) => person.active).map(({ person }) => person.id));
  const undecided = await allRows<ListedPatient>(t, '/worklist?list=to_decide', reader);
  return {
    ...{ today: await todayOf(t), patients, lists, staff },
    undecided: new Set(undecided.map(({ patient }) => patient.id)),
  };
}

async function patientNow(
  t: TestApp,
  { id, mrn, name }: { id: string; mrn: string; name: string },
  reader: Reader,
): Promise<PatientNow> {
  const events = await answered<{ items: { type: string; voidedAt: string | null }[] }>(
    t.get(`/patients/${id}/events`, reader),
  );
  const active = events.items.filter(({ voidedAt }) => voidedAt === null);
  const schedule = await answered<{ items: ScheduledItem[] }>(t.get(`/patients/${id}/schedule`, reader));
  const { owners } = await answered<{ owners: Ownership[] }>(t.get(`/patients/${id}/owner`, reader));
  return {
    ...(await listedPatient(t, mrn, reader)),
    name,
    isFollowedUp: !active.some(({ type }) => CLOSING_EVENTS.some((closing) => closing === type)),
    scheduled: schedule.items,
    owners,
  };
}

const OPEN = ['overdue', 'due', 'upcoming'];

/** Patients who are alive and followed up, for whom nothing is planned that can be done, and no clinician has to decide. */
export const withoutNextStep = ({ patients, undecided }: WholeWard): string[] =>
  patients
    .filter(({ isFollowedUp, patient }) => isFollowedUp && !undecided.has(patient.id))
    .filter(({ scheduled, items }) => {
      const stopped = items.filter(isStopped).map(({ id }) => id);
      return !scheduled.some(({ id, status }) => OPEN.includes(status) && !stopped.includes(id));
    })
    .map(({ name }) => name);

/** A clinician has decided that the examination must not be done. */
const isStopped = ({ step, stepUntil }: ListedItem): boolean =>
  step === 'contraindicated' && stepUntil === null;

/** Open items for which a duty has no owner with an open account. */
export const withoutOwner = ({ patients, staff }: WholeWard): string[] =>
  patients.flatMap(({ name, scheduled, owners }) =>
    scheduled
      .filter(({ status }) => OPEN.includes(status))
      .flatMap(({ activity, due }) =>
        ['orders', 'books', 'reads']
          .filter((duty) => {
            const own = owners.find((one) => one.activity === activity && one.duty === duty);
            const owner = own ?? owners.find((one) => one.activity === null && one.duty === duty);
            return !owner?.people.some(({ id }) => staff.has(id));
          })
          .map((duty) => `${name}: ${activity} of ${due}, ${duty}`),
      ),
  );

/** Items that are due or late, on no list today, and with no later day on which they return to one. */
export const onNoList = ({ patients, lists, today }: WholeWard): string[] =>
  patients.flatMap(({ name, isFollowedUp, items, contact }) =>
    (isFollowedUp ? items : [])
      .filter(({ status }) => status === 'overdue' || status === 'due')
      .filter((item) => {
        const isOn = (...names: string[]): boolean => names.some((list) => lists.get(list)!.has(item.id));
        const rests = contact?.restsUntil != null && contact.restsUntil > today;
        if (item.step === null || (item.stepUntil !== null && item.stepUntil <= today))
          return !isOn('to_book') && !rests;
        switch (item.step) {
          case 'booked':
            return !isOn('booked', 'booked_passed');
          case 'attended': // on the list `awaiting_result` after a week
            return item.stepOn === null || (item.stepOn <= daysBefore(today, 7) && !isOn('awaiting_result'));
          case 'not_attended':
            return !isOn('not_attended') && !rests;
          default:
            return item.stepUntil === null && !isStopped(item);
        }
      })
      .map(({ activity, due, step }) => `${name}: ${activity} of ${due} (${step})`),
  );

const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);

/** Items on a list although their patient is no longer followed up. */
export const ofTheGone = ({ patients, lists }: WholeWard): string[] => {
  const gone = patients.filter(({ isFollowedUp }) => !isFollowedUp);
  return gone.flatMap(({ name, items, scheduled }) =>
    [...lists]
      .filter(([, ids]) => [...items, ...scheduled].some(({ id }) => ids.has(id)))
      .map(([list]) => `${name} on ${list}`),
  );
};

/** What people have left undone that no call shows. A ward in which the program works has none. */
export const gapsOf = (ward: WholeWard): Record<string, string[]> => ({
  withoutNextStep: withoutNextStep(ward),
  withoutOwner: withoutOwner(ward),
  onNoList: onNoList(ward),
  ofTheGone: ofTheGone(ward),
});
export const NO_GAPS = { withoutNextStep: [], withoutOwner: [], onNoList: [], ofTheGone: [] };
