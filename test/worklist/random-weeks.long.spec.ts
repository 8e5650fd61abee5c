import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import type { TestApp } from '../support/app.js';
import {
  type Circumstances,
  circumstancesOf,
  historyGaps,
  historyOf,
  type ItemNow,
} from '../support/item-history.js';
import { nextApp } from '../support/next-app.js';
import { RandomWard, randomWeek } from '../support/random-ward.js';
import { answered } from '../support/ward.js';
import { allRows, gapsOf, NO_GAPS, wholeWard, type WholeWard } from '../support/whole-ward.js';

// A few weeks in each run of all tests. For more: WEEKS=500 npx jest test/worklist/random-weeks.long.spec.ts

const WEEKS = Number(process.env['WEEKS'] ?? 3);
const MONDAY = calendarDate('2026-11-02');

let t: TestApp | undefined;
afterAll(() => t?.close());

test(
  'whatever people do in a week, each open item has an owner, each living patient a next step, and what was put off is back',
  async () => {
    const done = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(randomWeek, async (days) => {
        t = await nextApp(t, { clock: `${MONDAY}T08:00:00+08:00`, role: 'api' });
        const ward = new RandomWard(t);
        await ward.open(8);
        for (const [day, acts] of days.entries()) {
          await t.setClock(`${addDays(MONDAY, day)}T08:00:00+08:00`);
          for (const act of acts) await ward.act(act);
        }
        for (const [kind, count] of ward.done) done.set(kind, (done.get(kind) ?? 0) + count);
        await t.setClock(`${addDays(MONDAY, 7)}T08:00:00+08:00`);
        const whole = await wholeWard(t, ward.head);
        expect(gapsOf(whole)).toEqual(NO_GAPS);
        expect(await differingHistories(t, ward, whole)).toEqual([]);
        expect(await differingCounts(t, ward)).toEqual([]);
        expect(notBack(whole)).toEqual([]);
        expect(await differingHandovers(t, ward, whole)).toEqual([]);
      }),
      // To reduce a failure takes longer than the time limit.
      { numRuns: WEEKS, includeErrorInReport: true, endOnFailure: true },
    );
    if (WEEKS > 3) console.log([...done].map(([kind, count]) => `${kind}: ${count}`).join(', '));
    // Weeks in which little happens prove little.
    const acts = ['book', 'defer', 'decline', 'complete', 'undo', 'death', 'hand over', 'attended'];
    if (WEEKS >= 50) for (const kind of acts) expect([kind, done.get(kind) ?? 0]).not.toEqual([kind, 0]);
    expect([...done.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(WEEKS);
  },
  60_000 + WEEKS * 120_000,
);

async function differingHistories(
  t: TestApp,
  { touched, merged, head }: RandomWard,
  { today, patients }: WholeWard,
): Promise<string[]> {
  const known = new Map<string, Circumstances>();
  const found: string[] = [];
  // Of a patient who is no longer followed up, nothing is to be done.
  const followed = patients.filter(({ isFollowedUp }) => isFollowedUp).map(({ patient }) => patient.id);
  for (const id of touched) {
    const { status, body } = await t.get(`/items/${id}`, head);
    const { patientId } = (body.item ?? { patientId: '' }) as ItemNow;
    // A merge carries steps to the items of another record, whose history does not show them.
    if (status !== 200 || merged.has(patientId) || !followed.includes(patientId)) continue;
    const circumstances = known.get(patientId) ?? (await circumstancesOf(t, patientId, head));
    known.set(patientId, circumstances);
    found.push(...historyGaps(body.item as ItemNow, await historyOf(t, id, head), circumstances, today));
  }
  return found;
}

interface Count {
  readonly patients: number;
  readonly items: number;
}

/** Lists whose count is not the number of rows of all pages. */
async function differingCounts(t: TestApp, { head }: RandomWard): Promise<string[]> {
  const { lists } = await answered<{ lists: { list: string; count: Count }[] }>(t.get('/lists', head));
  const found: string[] = [];
  for (const { list, count } of lists) {
    const patients = await allRows<object>(t, `/worklist?list=${list}`, head, 3);
    if (patients.length !== count.patients)
      found.push(`${list} has ${patients.length} patients, and counts ${count.patients}`);
    const { status } = await t.get(`/worklist?list=${list}&view=items`, head);
    if (status === 422) continue; // a list of patients
    const items = await allRows<object>(t, `/worklist?list=${list}&view=items`, head, 7);
    if (items.length !== count.items)
      found.push(`${list} has ${items.length} items, and counts ${count.items}`);
  }
  return found;
}

/** Items whose day of return has come, and that are not on the list of those that returned. */
const notBack = ({ patients, lists, today }: WholeWard): string[] =>
  patients.flatMap(({ name, items, contact }) =>
    items
      .filter(({ stepUntil }) => stepUntil !== null && stepUntil <= today)
      .filter(({ id, step }) => !lists.get(step === 'declined' ? 'ask_again' : 'returned')!.has(id))
      .filter(() => contact?.restsUntil == null || contact.restsUntil <= today)
      .map(({ activity, step, stepUntil }) => `${name}: ${activity}, ${step} until ${stepUntil}`),
  );

interface Handover {
  readonly from: { readonly id: string };
  readonly firstDay: string;
  readonly lastDay: string;
  readonly state: string;
}

/** People whose patients are with a stand-in on a day without a handover, or the reverse. */
async function differingHandovers(t: TestApp, { head }: RandomWard, { today }: WholeWard): Promise<string[]> {
  const handovers = await allRows<Handover>(t, '/handovers', head);
  const { items } = await answered<{ items: { person: { id: string }; standIn: object | null }[] }>(
    t.get('/owners', head),
  );
  const away = handovers
    .filter(({ firstDay, lastDay, state }) => state !== 'cancelled' && firstDay <= today && today <= lastDay)
    .map(({ from }) => from.id);
  return items
    .filter(({ person, standIn }) => away.includes(person.id) !== (standIn !== null))
    .map(({ person, standIn }) => `${person.id} has ${standIn === null ? 'no stand-in' : 'a stand-in'}`);
}
