import { hasRedis } from '../support/redis.js';
import { testWhere } from '../support/where-present.js';
import { runFaults } from './fault-run.js';
import { type Fault, ON_A_SMALL_DISK } from './fault-schedule.js';
import { summary, violations } from './report.js';
import { mountSmallDisk } from './small-disk.js';

const DELIVERIES = 600;
const SETTLED_AT_MOST_S = 60;

// These hardly depend on the queue: the run on PostgreSQL has them.
const NOT_ON_REDIS: Fault[] = [
  'kill the API',
  'half-open connections to the receiver',
  'half-open connections of a worker to PostgreSQL',
  'move the clock',
  'let nothing be recorded of attempts',
];

const ALL: [string, number][] = [
  ['PostgreSQL', 1],
  ['Redis', 2],
];
const BACKENDS = ALL.filter(([backend]) => backend === 'PostgreSQL' || hasRedis());
const LACKING = ALL.filter((backend) => !BACKENDS.includes(backend));

const smallDisk = mountSmallDisk();
smallDisk?.unmount();

/** A report for the investigation of a failed run. */
const course: string[] = [];
const made = new Set<Fault>();

describe('the program in several processes while everything about it fails', () => {
  // Concurrently: most of the time both wait.
  test.concurrent.each(BACKENDS)(
    `on %s (seed %i) no reminder is lost, no more are repeated than were in flight, and no message to a patient is sent twice`,
    async (backend, seed) => {
      const log = (line: string): void => void course.push(`${backend}: ${line}`);
      const onRedis = backend === 'Redis';
      const report = await runFaults({
        ...{ seed, deliveries: DELIVERIES, rounds: 1, onRedis, deduplicates: onRedis, patient: false, log },
        without: onRedis ? NOT_ON_REDIS : [],
      });
      const found = violations(DELIVERIES, SETTLED_AT_MOST_S, report);
      if (found.length > 0) course.push(...found, summary(`${backend}, seed ${seed}`, DELIVERIES, report));
      expect(found.length > 0 ? course : []).toEqual([]);
      for (const fault of report.kinds) made.add(fault);
    },
    300_000,
  );
  if (LACKING.length > 0) test.skip.each(LACKING)('on %s (seed %i) (no redis-server here)', () => undefined);

  testWhere(smallDisk !== undefined, 'small disk to mount')('among the faults were full disks', () => {
    expect([...made]).toEqual(expect.arrayContaining([...ON_A_SMALL_DISK]));
  });
});
