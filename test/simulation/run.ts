/**
 * Ten years of a hospital of a thousand patients in virtual time, from a seed, with crashes, outages and failing
 * receivers. Prints figures and every violation; exit code 1 where there is one. Run: npm run simulate -- [--seed N]
 * [--patients 1000] [--years 10]; many short ones: npm run simulate -- --short 100 [--seed N] [--close]
 */
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '../../src/app/migration.js';
import { embeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { removeDataFolder } from '../support/data-folder.js';
import { createDatabase } from '../support/database.js';
import { CLOSE, LONG, type Scale, SHORT } from './ground.js';
import { World } from './world.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { seed: text, patients: text, years: text, short: text, trace: text, close: { type: 'boolean' } },
});
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const form = values.short === undefined ? LONG : values.close ? CLOSE : SHORT;
const scale = {
  ...form,
  patients: Number(values.patients ?? form.patients),
  years: Number(values.years ?? form.years),
};

const folder = await mkdtemp(join(tmpdir(), 'nedwatch-simulation-'));
await chmod(folder, 0o755); // as root, PostgreSQL runs as another user
// A crash of the machine may lose these data.
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
const server = await embeddedPostgres(folder, { settings, temporary: true });
let bad = 0;
try {
  await makeTemplate();
  for (let seed = first; seed < first + Number(values.short ?? 1); seed++)
    bad += await simulate({ ...scale, seed });
} finally {
  await server.leave();
  await removeDataFolder(folder);
}
process.exit(bad > 0 ? 1 : 0);

async function makeTemplate(): Promise<void> {
  const name = 'nedwatch_simulated';
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  await migrate(Object.assign(new URL(server.url), { pathname: name }).href);
  process.env['NEDWATCH_TEST_SERVER'] = server.url;
  process.env['NEDWATCH_TEST_TEMPLATE'] = name;
}

/** Returns the number of violations. */
async function simulate(of: Scale): Promise<number> {
  const began = process.hrtime.bigint();
  const seconds = (): string => (Number(process.hrtime.bigint() - began) / 1e9).toFixed(0);
  console.log(`seed ${of.seed}: ${of.patients} patients, ${of.years} years`);
  const database = await createDatabase();
  const world = await World.create(database.url, of);
  if (values.trace !== undefined) world.lines = [];
  try {
    await world.live((year) => {
      if (of.patients > 100) console.log(`year ${year} after ${seconds()} s, ${world.stepper.steps} steps`);
    });
    const found = await world.judge();
    for (const breach of found.slice(0, 50)) console.log(`BREACH seed ${of.seed}: ${breach}`);
    const { figures, stepper, receivers } = world;
    const all = {
      ...figures,
      steps: stepper.steps,
      messages: receivers.arrivals.length,
      items: world.nurses.items.size,
      ...world.nurses.figures,
      ...world.acts.figures,
    };
    console.log(
      Object.entries(all)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    );
    console.log(`${seconds()} s, ${found.length} breaches, trace ${world.trace.toString(16)}`);
    return found.length;
  } finally {
    if (values.trace !== undefined) await writeFile(values.trace, (world.lines ?? []).join('\n'));
    await world.close();
    await database.drop();
  }
}
