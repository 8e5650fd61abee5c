/**
 * The rolling upgrade: two API and two worker processes of an older version behind HAProxy, replaced one by one by this
 * version while clients record and read facts, follow the live stream, and reminders become due and leave. Prints each step
 * and the figures; exit code 1 where one of `upgradeViolations` is found. `REF` is a commit; without it, the one before the
 * newest migration. `--versions` keeps what was built, for the next run. Run:
 * npm run rolling-upgrade -- [REF] [--side-by-side 20] [--drain 10] [--backend PostgreSQL|Redis] [--versions FOLDER]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasRedis } from '../support/redis.js';
import { hasHaproxy } from './api-proxy.js';
import { beforeNewestMigration, buildOlderVersion } from './older-version.js';
import { upgradeViolations } from './upgrade-report.js';
import { UpgradeCourse } from './upgrade-run.js';

// Then all processes that it started end too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (!hasHaproxy()) {
  console.error('This machine lacks HAProxy. Install the package haproxy.');
  process.exit(1);
}
const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: { 'side-by-side': text, drain: text, backend: text, versions: text },
  allowPositionals: true,
});
const folder = values.versions ?? mkdtempSync(join(tmpdir(), 'nedwatch-versions-'));
process.once('exit', () => {
  if (values.versions === undefined) rmSync(folder, { recursive: true, force: true });
});
const onRedis = values.backend === undefined ? hasRedis() : values.backend === 'Redis';
const older = await buildOlderVersion(positionals[0] ?? beforeNewestMigration(), folder);
console.log(
  `from ${older.commit}, which lacks ${older.lacks.length} migrations and ${older.drains ? 'drains by itself' : 'is drained by the proxy'}, with the queue on ${onRedis ? 'Redis' : 'PostgreSQL'}`,
);
const sideBySideSeconds = Number(values['side-by-side'] ?? 20);
const drainSeconds = Number(values.drain ?? 10);
const course = await UpgradeCourse.open({
  ...{ older, onRedis, sideBySideSeconds, drainSeconds, log: console.log },
});
try {
  const report = await course.run();
  console.log(report);
  console.log(`load average ${loadavg()[0]?.toFixed(2)} on ${cpus().length} cores`);
  for (const violation of upgradeViolations(report)) {
    console.log(`VIOLATION: ${violation}`);
    process.exitCode = 1;
  }
} finally {
  await course.close();
}
