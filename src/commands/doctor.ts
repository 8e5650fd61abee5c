import { parseArgs } from 'node:util';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import type { Config } from '../platform/config.js';
import { startProgram } from '../app/program.js';
import { CHECKS, auditDeliveries, AUDITED_DAYS } from '../monitoring/delivery-audit.js';
import { missingYear } from '../work-calendar/calendar-watch.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

/**
 * `bin/nedwatch doctor`: checks from the database alone whether everything due was delivered. Exit code 1 for a
 * violation. Reads only; programs may run meanwhile.
 */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { days: { type: 'string' }, hospital: { type: 'string' } },
  });
  if (positionals.length > 0) throw new BadUsage(msg('doctor-usage', { given: positionals.join(' ') }));
  const days = Number(values.days ?? AUDITED_DAYS);
  if (!Number.isInteger(days) || days < 1 || days > 3660) throw new BadUsage(msg('doctor-days'));
  const program = await startProgram({ ...config, role: 'api' });
  try {
    const scope = program.app.get(HospitalScope);
    const hospitals = await scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        'SELECT id FROM hospital WHERE $1::text IS NULL OR id::text = $1 ORDER BY id',
        [values.hospital ?? null],
      ),
    );
    if (hospitals.length === 0) throw new BadUsage(msg('no-such-hospital', { name: values.hospital ?? '' }));
    let violations = 0;
    for (const { id } of hospitals) {
      const findings = await scope.run(id, () => scope.unaudited((tx) => auditDeliveries(tx, days)));
      const found = CHECKS.filter((check) => findings[check].count > 0);
      const count = found.reduce((sum, check) => sum + findings[check].count, 0);
      violations += count;
      const result = msg('doctor-result', { id, checks: CHECKS.length, days, count });
      process.stdout.write(`${render(result, config.language)}\n`);
      const year = await scope.run(id, () => scope.unaudited(missingYear));
      if (year !== null)
        process.stdout.write(`  ${render(msg('work-calendar-year-missing', { year }), config.language)}\n`);
      for (const check of found) {
        const { count: times, examples } = findings[check];
        process.stdout.write(
          `  ${check}: ${times} (${examples.join(', ')}${times > examples.length ? ', …' : ''})\n`,
        );
      }
    }
    return violations === 0 ? 0 : 1;
  } finally {
    await program.close();
  }
}
