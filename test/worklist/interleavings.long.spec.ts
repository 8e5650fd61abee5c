import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { historyOf, type ItemNow, type Position, replayed, type StepShown } from '../support/item-history.js';
import { contradictions } from '../support/one-order.js';
import { as, givenPerson } from '../support/signed-in.js';
import {
  atOnce,
  type Nurse,
  nurseActs,
  readState,
  type ReadState,
  type Sent,
} from '../support/two-nurses.js';
import { answered, givenFollowedUp, itemOf } from '../support/ward.js';

// Two nurses at the same moment: concurrent requests to the running application, whose transactions run concurrently in
// PostgreSQL. More than in a run of all tests: INTERLEAVINGS=10000 npx jest test/worklist/interleavings.long.spec.ts

const INTERLEAVINGS = Number(process.env['INTERLEAVINGS'] ?? 60);
const TODAY = calendarDate('2026-11-02');
const inDays = (days: number): string => addDays(TODAY, days);
const LIMIT_MS = 60_000 + INTERLEAVINGS * 3000;

let t: TestApp;
let nurses: readonly [Nurse, Nurse];
beforeAll(async () => {
  t = await startApp({ clock: `${TODAY}T01:00:00+08:00`, role: 'api' });
  const nurse = async (name: string): Promise<Nurse> => {
    const { session } = await givenPerson(t, { name, roles: ['head_nurse', 'nurse'] });
    return { name, headers: as(session) };
  };
  nurses = [await nurse('Lin'), await nurse('Zhao')];
});
afterAll(() => t.close());

/** Counts the answers of all runs by status and code. */
class Tally {
  private readonly counts = new Map<string, number>();

  add({ status, body }: Answer): void {
    const name = status < 300 ? 'done' : `${status} ${body.code}`;
    this.counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  get text(): string {
    return [...this.counts].map(([name, count]) => `${name}: ${count}`).join(', ');
  }
}

/** What is known of an item at the end of one run, and at the beginning of the next. */
interface Known {
  readonly state: ReadState;
  readonly history: readonly StepShown[];
}

const known = async (itemId: string): Promise<Known> => ({
  state: await readState(t, itemId, nurses[0]),
  history: await historyOf(t, itemId, nurses[0].headers),
});

const MOST_STEPS = 40;

/** An item that is late, with an open appointment if wanted; the same for many runs, until its history is long. */
async function itemToWorkOn(last: Known | undefined, wantsAppointment: boolean): Promise<Known> {
  const isUsedUp = last?.state.item.step === 'completed' || (last?.history.length ?? 0) > MOST_STEPS;
  const now = last && !isUsedUp ? last : await known(itemOf((await givenFollowedUp(t)).items, 'overdue').id);
  const { item, open } = now.state;
  if (wantsAppointment === open.length > 0) return now;
  if (wantsAppointment) {
    if (item.step === 'attended') await answered(t.post(`/items/${item.id}/reopen`, {}));
    const visit = { patientId: item.patientId, itemIds: [item.id], date: TODAY };
    await answered(t.post('/appointments', visit), 201);
  }
  for (const { id } of open)
    await answered(t.post(`/appointments/${id}/outcome`, { outcome: 'cancelled_by_hospital' }));
  return known(item.id);
}

const hasDaysOf = ({ stepOn, stepUntil }: ItemNow, { on, until }: Position): boolean =>
  stepOn === on && stepUntil === until;

/** What is lost, doubled or not as the history says, once both nurses are done. */
function gapsAfter(before: Known, sent: readonly Sent[], { state, history }: Known): string[] {
  const { item, open, appointments } = state;
  const { position, gaps } = replayed(history, { appointments, voided: [] });
  const steps = sent.filter(({ act, answer }) => answer.status < 300 && act.kind !== 'undo');
  const recorded = history.slice(before.history.length);
  const isBooked = item.step === 'booked';
  return [
    ...gaps,
    ...(recorded.length > steps.length ? [`${recorded.length} steps after ${steps.length} acts`] : []),
    ...recorded.filter(({ author }) => !nurses.some(({ name }) => name === author)).map(({ step }) => step),
    ...(item.step === position.step && (item.step === 'completed' || hasDaysOf(item, position))
      ? []
      : [`the history leads to ${JSON.stringify(position)}, the item is ${JSON.stringify(item)}`]),
    ...(open.length > 1 ? [`${open.length} open appointments`] : []),
    ...(isBooked && open.length !== 1 ? [`booked, with ${open.length} open appointments`] : []),
    ...(isBooked && open[0]?.date !== item.stepOn ? ['the appointment is on another day'] : []),
  ];
}

test(
  'of two nurses on one item and its appointment, the state is that of one order of their acts, and who is refused learns of the other',
  async () => {
    const tally = new Tally();
    let last: Known | undefined;
    await fc.assert(
      fc.asyncProperty(nurseActs, nurseActs, fc.boolean(), async (one, other, wantsAppointment) => {
        const before = await itemToWorkOn(last, wantsAppointment);
        last = undefined; // after a failure, the next run begins with another item
        const work = [[nurses[0], one] as const, [nurses[1], other] as const];
        const sent = await atOnce(t, before.state, work, inDays);
        const after = await known(before.state.item.id);
        for (const { answer } of sent) tally.add(answer);
        expect(contradictions(before.history, before.state, sent, nurses)).toEqual([]);
        expect(gapsAfter(before, sent, after)).toEqual([]);
        last = after;
      }),
      { numRuns: INTERLEAVINGS, includeErrorInReport: true, endOnFailure: true },
    );
    if (INTERLEAVINGS > 1000) console.log(tally.text);
    // Runs in which the nurses never meet prove nothing.
    expect(tally.of('412 changed-meanwhile')).toBeGreaterThan(INTERLEAVINGS / 200);
    expect(tally.of('done')).toBeGreaterThan(INTERLEAVINGS / 2);
  },
  LIMIT_MS,
);

interface Handover {
  readonly id: string;
  readonly from: { readonly id: string };
  readonly to: { readonly id: string };
  readonly firstDay: string;
  readonly lastDay: string;
  readonly state: string;
  readonly author: string;
}

/** Hands over from one of three people to another one, or ends a handover that is there. */
const handoverActs = fc.array(
  fc.record({
    ends: fc.boolean(),
    way: fc.constantFrom(...([[0, 1], [1, 0], [1, 2], [2, 0], [0, 2]] as const)), // oxfmt-ignore
    first: fc.nat(3),
    days: fc.nat(3),
    which: fc.nat(3),
  }),
  { minLength: 1, maxLength: 3 },
);
type HandoverAct = typeof handoverActs extends fc.Arbitrary<(infer One)[]> ? One : never;

const newestHandovers = (): Promise<Handover[]> =>
  answered<{ items: Handover[] }>(t.get('/handovers?limit=50', nurses[0].headers)).then(({ items }) => items);

const isInForce = ({ state }: Handover): boolean => state === 'running' || state === 'coming';

async function handingOver(
  people: readonly string[],
  acts: readonly HandoverAct[],
  { headers }: Nurse,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const { ends, way, first, days, which } of acts) {
    const there = ends ? (await newestHandovers()).filter(isInForce) : [];
    const ending = there[which % Math.max(1, there.length)];
    const [from, to] = [people[way[0]], people[way[1]]];
    const handover = { from, to, firstDay: inDays(first), lastDay: inDays(first + days) };
    answers.push(
      await (ending
        ? t.request('DELETE', `/handovers/${ending.id}`, { headers })
        : t.post('/handovers', handover, headers)),
    );
  }
  return answers;
}

/** Days on which one person has two stand-ins, or on which the stand-ins lead in a circle. */
function impossibleDays(handovers: readonly Handover[]): string[] {
  const found: string[] = [];
  for (let day = 0; day < 8; day++) {
    const on = inDays(day);
    const running = handovers.filter(({ firstDay, lastDay }) => firstDay <= on && on <= lastDay);
    const standIns = new Map(running.map(({ from, to }) => [from.id, to.id]));
    if (standIns.size < running.length) found.push(`two stand-ins on ${on}`);
    for (const start of standIns.keys()) {
      let person: string | undefined = start;
      for (let steps = 0; person !== undefined && steps <= standIns.size; steps++)
        person = standIns.get(person);
      if (person !== undefined) found.push(`a circle on ${on}`);
    }
  }
  return found;
}

test(
  'of two nurses who hand over and take back at once, no two handovers exclude each other, and who is refused learns of the one in the way',
  async () => {
    const people: string[] = [];
    for (let count = 0; count < 3; count++) people.push((await givenPerson(t)).id);
    const tally = new Tally();
    await fc.assert(
      fc.asyncProperty(handoverActs, handoverActs, async (one, other) => {
        const answers = await Promise.all([
          handingOver(people, one, nurses[0]),
          handingOver(people, other, nurses[1]),
        ]);
        for (const answer of answers.flat()) tally.add(answer);
        const all = await newestHandovers();
        expect(impossibleDays(all.filter(isInForce))).toEqual([]);
        const made = answers.flat().filter(({ status }) => status === 201);
        const stored = made.filter(({ body }) => all.filter(({ id }) => id === body.id).length === 1);
        expect(stored).toHaveLength(made.length);
        for (const { status, body } of answers.flat()) {
          if (status !== 409) expect([201, 204]).toContain(status);
          else
            expect(all.find(({ id }) => id === body.other.id)).toMatchObject({ author: body.other.author });
        }
        for (const { id } of all.filter(isInForce))
          expect((await t.request('DELETE', `/handovers/${id}`)).status).toBe(204);
      }),
      { numRuns: Math.ceil(INTERLEAVINGS / 3), includeErrorInReport: true, endOnFailure: true },
    );
    if (INTERLEAVINGS > 1000) console.log(tally.text);
    expect(tally.of('409 handover-overlaps')).toBeGreaterThan(INTERLEAVINGS / 200);
  },
  LIMIT_MS,
);
