/**
 * The long fault run: the started program, a PostgreSQL and a Redis of its own, all of them killed, disconnected,
 * filled and emptied by a schedule that depends on the seed. Prints the seed, each fault and the figures; exit code 1
 * where a message was lost, delivered twice or late. Run: npm run faults -- [--seed N] [--deliveries 6000] [--rounds
 * 3] [--backend PostgreSQL|Redis]
 */
import { parseArgs } from 'node:util';
import { hasRedis } from '../support/redis.js';
import { runFaults } from './fault-run.js';
import { summary, violations } from './report.js';

const SETTLED_AT_MOST_S = 180;

// Then all processes that it started end too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { seed: text, deliveries: text, rounds: text, backend: text } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const deliveries = Number(values.deliveries ?? 6000);
const rounds = Number(values.rounds ?? 3);

for (const backend of hasRedis() ? ['PostgreSQL', 'Redis'] : ['PostgreSQL']) {
  if (values.backend !== undefined && values.backend !== backend) continue;
  console.log(`${backend}, seed ${seed}: ${deliveries} deliveries, each fault ${rounds} times`);
  const onRedis = backend === 'Redis';
  const report = await runFaults({
    ...{ seed, deliveries, rounds, onRedis, deduplicates: onRedis, patient: true, log: console.log },
  });
  console.log(summary(`${backend}, seed ${seed}`, deliveries, report));
  for (const violation of violations(deliveries, SETTLED_AT_MOST_S, report)) {
    console.log(`VIOLATION: ${violation}`);
    process.exitCode = 1;
  }
}
