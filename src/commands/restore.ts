import { parseArgs } from 'node:util';
import { restoreBackup } from '../backup/restore-backup.js';
import type { Config } from '../config.js';
import { reachDatabase } from '../database.js';
import { BadUsage } from './bad-usage.js';

/** `bin/nedwatch restore FILE [--replace]`: 0 when all rows of the backup are there, else nothing has changed. */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false } },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new BadUsage('restore: which file? Exactly one.');

  const database = await reachDatabase(config);
  try {
    const { tables, takenAt } = await restoreBackup(database, file, values);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    process.stdout.write(
      `${file}: ${rows} rows of ${tables.length} tables are restored and verified, as of ${takenAt}.\n` +
        'The API keys are those of that time; messages not yet delivered then are sent when the program starts.\n' +
        'What was audited since is gone from the database: an audit anchor written since will say so, and is right.\n',
    );
    return 0;
  } finally {
    await database.close();
  }
}
