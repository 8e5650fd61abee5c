/**
 * How long one reminder of a small hospital waits while a worker is busy with a hospital of very many due items. Prints the
 * items, how many of them the worker decided a second, and the seconds from the moment that the small hospital's item is
 * due until its reminder is recorded; the longest must be below two sweeps (60 s).
 * Run: npm run bench:large-neighbour -- ITEMS (default 1000000).
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstKey } from '../src/app/first-start.js';
import type { Program } from '../src/app/program.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { type FilledHospital, filledHospital, TODAY } from './filled-hospital.js';
import { programOn } from './filled-program.js';

const ITEMS = Number(process.argv[2] ?? 1_000_000);
const ITEMS_OF_PATIENT = 39;
const REMINDERS = 8;
const TWO_SWEEPS_SECONDS = 60;

const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
const programs: Program[] = [];
try {
  const key = `nw_${randomUUID()}`;
  const filling = await started(key, 'api');
  await filling.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  const small = await filledHospital(filling, 10);
  const large = await filledHospital(filling, Math.ceil(ITEMS / ITEMS_OF_PATIENT));
  await makeDue(filling, large, small);
  const before = await waiting(filling, large);
  console.log(`${before} items are due in one hospital`);

  await started(key, 'worker');
  const began = performance.now();
  const busy = await waits(filling, small, async () => (await waiting(filling, large)) > 0);
  const seconds = (performance.now() - began) / 1000;
  const decided = before - (await waiting(filling, large));
  console.log(
    `load average ${loadavg()[0]?.toFixed(2)}; ${decided} items decided, ${(decided / seconds).toFixed(0)} a second`,
  );
  console.log(
    `one reminder of the other hospital was recorded after ${busy.map((s) => s.toFixed(1)).join(', ')} s`,
  );
  const longest = Math.max(...busy);
  console.log(`longest ${longest.toFixed(1)} s, at most ${TWO_SWEEPS_SECONDS} s`);
  if (busy.length === 0 || longest > TWO_SWEEPS_SECONDS) process.exitCode = 1;
} finally {
  for (const program of programs.reverse()) await program.close();
  await removeDataFolder(folder);
}

async function started(key: string, role: string): Promise<Program> {
  const settings = { NEDWATCH_ROLE: role, NEDWATCH_CLOCK: `${TODAY}T11:00:00+08:00` };
  const program = await programOn(join(folder, 'data'), key, settings);
  programs.push(program);
  return program;
}

/** All items of the large hospital wait for their reminder, and none of the small one. */
async function makeDue({ database }: Program, large: FilledHospital, small: FilledHospital): Promise<void> {
  await database.asOwner(async (owner) => {
    await owner.query(
      `UPDATE surveillance_item SET state = 'active', completed_on = NULL, step = NULL, step_on = NULL, step_until = NULL,
              earliest = '${TODAY}'::date - 14, due = '${TODAY}', overdue = '${TODAY}'::date + 30, missed_on = '${TODAY}'::date + 60, next_reminder_on = '${TODAY}'
        WHERE hospital_id = $1`,
      [large.id],
    );
    await owner.query('UPDATE surveillance_item SET next_reminder_on = NULL WHERE hospital_id = $1', [
      small.id,
    ]);
    await owner.query('VACUUM ANALYZE surveillance_item');
  });
}

/** One reminder after the other becomes due in the small hospital, while `goesOn`; returns the seconds of each. */
async function waits(
  { database }: Program,
  { id }: FilledHospital,
  goesOn: () => Promise<boolean>,
): Promise<number[]> {
  const seconds: number[] = [];
  while (seconds.length < REMINDERS && (await goesOn())) {
    await sleep(7000); // at another moment of a sweep each time
    const began = performance.now();
    const [item] = await database.asOwner((owner) =>
      owner.query<{ id: string }[][]>(
        `UPDATE surveillance_item SET state = 'active', completed_on = NULL, step = NULL, step_on = NULL, step_until = NULL,
                earliest = '${TODAY}'::date - 14, due = '${TODAY}',
                overdue = '${TODAY}'::date + 30, missed_on = '${TODAY}'::date + 60, next_reminder_on = '${TODAY}'
          WHERE id = (SELECT i.id FROM surveillance_item i WHERE i.hospital_id = $1
                         AND NOT EXISTS (SELECT FROM reminder r WHERE r.item_id = i.id) LIMIT 1) RETURNING id`,
        [id],
      ),
    );
    const recorded = async (): Promise<boolean> =>
      database.asOwner(
        async (owner) =>
          (
            await owner.query<unknown[]>('SELECT FROM reminder WHERE hospital_id = $1 AND item_id = $2', [
              id,
              item?.[0]?.id,
            ])
          ).length > 0,
      );
    while (!(await recorded())) await sleep(200);
    seconds.push((performance.now() - began) / 1000);
  }
  return seconds;
}

async function waiting({ database }: Program, { id }: FilledHospital): Promise<number> {
  const [row] = await database.asOwner((owner) =>
    owner.query<[{ n: number }]>(
      `SELECT count(*)::int AS n FROM surveillance_item WHERE hospital_id = $1 AND next_reminder_on <= '${TODAY}'`,
      [id],
    ),
  );
  return row.n;
}
