/**
 * The failover run: the started program on a cell that `deploy/cell` configures, whose parts are killed with -9 by a
 * schedule that depends on the seed; at the end every patient is deleted by mistake, and the cell restored to the
 * moment before. Prints each kill and the figures; exit code 1 where one of `failoverViolations` is found. Run:
 * npm run failover -- [--seed N] [--deliveries 6000] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { restoreBeforeDelete } from './cell-restore.js';
import { failoverViolations } from './failover-report.js';
import { FailoverCourse } from './failover-run.js';
import { missingPrograms } from './own-cell.js';

// Then all processes that it started end too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const missing = missingPrograms();
if (missing.length > 0) {
  console.error(
    `This machine lacks ${missing.join(', ')}. Install the packages that docs/operations/cell.md names.`,
  );
  process.exit(1);
}
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { seed: text, deliveries: text, rounds: text } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const deliveries = Number(values.deliveries ?? 6000);
const rounds = Number(values.rounds ?? 3);

console.log(`seed ${seed}: ${deliveries} reminders, each kill ${rounds} times`);
const course = await FailoverCourse.open({ seed, deliveries, rounds, log: console.log });
try {
  const report = await course.run();
  console.log(report);
  const restored = await restoreBeforeDelete(course);
  console.log(restored);
  for (const violation of failoverViolations(report, restored)) {
    console.log(`VIOLATION: ${violation}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.log(`${course.logs}\n${course.cell.logs()}`);
  throw error;
} finally {
  await course.close();
}
