/**
 * Ten years of a hospital of a thousand patients in virtual time, from a seed, with crashes, outages and failing receivers.
 * Prints figures and every breach of what must hold; ends with 1 where there is one.
 * Run: npm run simulate -- [--seed N] [--patients 1000] [--years 10]
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from '../../src/database.js';
import { embeddedPostgres } from '../../src/embedded-postgres.js';
import { World } from './world.js';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, patients: { type: 'string' }, years: { type: 'string' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const { patients, years } = { patients: Number(values.patients ?? 1000), years: Number(values.years ?? 10) };
const folder = await mkdtemp(join(tmpdir(), 'nedwatch-simulation-'));
await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
// What a crash of the machine would lose here, nobody wants back.
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const server = await embeddedPostgres(folder, { settings, temporary: true });
await migrate(server.url);
const began = Date.now();
const seconds = (): string => ((Date.now() - began) / 1000).toFixed(0);
console.log(`seed ${seed}: ${patients} patients, ${years} years`);
const world = await World.create(server.url, {
  ...{ seed, patients, years },
  stepsToCrash: Number(process.env.SC ?? 5000), stepsToPause: 10000, idleMs: Number(process.env.IDLE ?? 168) * 3_600_000, diligence: Number(process.env.DIL ?? 0.4), nightly: false,
});
if (process.env.TRACE) world.lines = [];
await world.live((year) => {
  console.log(`year ${year} after ${seconds()} s`, world.stepper.steps, JSON.stringify(world.figures), world.receivers.arrivals.length);
});
if (process.env.TRACE) (await import('node:fs')).writeFileSync(process.env.TRACE, world.lines!.join('\n'));
const found = await world.judge();
console.log(found.slice(0, 30).join('\n'));
console.log(found.length, seconds(), world.stepper.steps, world.figures, world.receivers.arrivals.length, world.trace, world.breaches, world.sweeps.length);
await world.close();
await server.leave();
await rm(folder, { recursive: true, force: true });
process.exit();
