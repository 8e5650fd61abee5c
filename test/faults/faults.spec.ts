import { hasRedis } from '../redis.js';
import { runFaults } from './fault-run.js';
import type { Fault } from './fault-schedule.js';
import { summary, violations } from './report.js';

const DELIVERIES = 800;
const SETTLED_AT_MOST_S = 60;

// These have little to do with the queue: the run on PostgreSQL has them.
const NOT_ON_REDIS: Fault[] = [
  'kill the API',
  'half-open connections to the receiver',
  'let nothing be recorded of attempts',
];

const BACKENDS: [string, number][] = hasRedis()
  ? [
      ['PostgreSQL', 1],
      ['Redis', 2],
    ]
  : [['PostgreSQL', 1]];

describe('the program in several processes while everything about it fails', () => {
  // At once: most of the time both wait.
  test.concurrent.each(BACKENDS)(
    `on %s (seed %i) no reminder is lost, and no more are repeated than were in flight`,
    async (backend, seed) => {
      const log = (line: string): void => void process.stdout.write(`  ${backend}: ${line}\n`);
      const onRedis = backend === 'Redis';
      const report = await runFaults({
        ...{ seed, deliveries: DELIVERIES, rounds: 1, onRedis, patient: false, log },
        without: onRedis ? NOT_ON_REDIS : [],
      });
      process.stdout.write(`${summary(`${backend}, seed ${seed}`, DELIVERIES, report)}\n`);
      expect(violations(DELIVERIES, SETTLED_AT_MOST_S, report)).toEqual([]);
    },
    300_000,
  );
});
