import { expect, test } from '@jest/globals';
import { createDatabase } from '../support/database.js';
import { type Scale, SHORT } from './ground.js';
import { announcements } from './oracles.js';
import { World } from './world.js';

interface Lived {
  readonly breaches: readonly string[];
  readonly trace: number;
  readonly figures: World['figures'];
  readonly messages: number;
  readonly acts: World['acts']['figures'];
}

async function lived(scale: Scale): Promise<Lived> {
  const database = await createDatabase();
  const world = await World.create(database.url, scale);
  try {
    await world.live();
    const breaches = await world.judge();
    const { trace, figures, receivers, acts } = world;
    return { breaches, trace, figures, messages: receivers.arrivals.length, acts: acts.figures };
  } finally {
    await world.close();
    await database.drop();
  }
}

/** The same seed unless another is given, so that CI is reproducible. `npm run simulate` draws new ones. */
const SEED = Number(process.env['SIMULATION_SEED'] ?? 1);

test(`${SHORT.patients} patients, ${SHORT.years} years of crashes and outages: each due message arrives in time, once, and what was put off returns (seed ${SEED})`, async () => {
  const { breaches, figures, messages, acts } = await lived({ ...SHORT, seed: SEED });
  expect(breaches).toEqual([]);
  // A simulation without events proves nothing.
  expect(messages).toBeGreaterThan(400);
  expect(figures.crashes).toBeGreaterThan(5);
  expect(figures.asked).toBeGreaterThan(50);
  expect(acts.itemSteps).toBeGreaterThan(10);
  expect(acts.handovers).toBeGreaterThan(5);
}, 600_000);

test('the oracle counts reminders from the dates alone', () => {
  expect(announcements({ due: '2027-03-01', overdue: '2027-03-15', missedOn: '2027-06-01' })).toEqual([
    { kind: 'upcoming', from: '2027-02-15', until: '2027-03-01' },
    { kind: 'due', from: '2027-03-01', until: '2027-03-15' },
    { kind: 'overdue', from: '2027-03-15', until: '2027-06-01' },
  ]);
  expect(announcements({ due: '2027-03-01', overdue: '2027-03-15', missedOn: '2027-03-10' })).toEqual([
    { kind: 'upcoming', from: '2027-02-15', until: '2027-03-01' },
    { kind: 'due', from: '2027-03-01', until: '2027-03-10' },
  ]);
});
