import { parseArgs } from 'node:util';
import { restoreBackup } from '../backup/restore-backup.js';
import type { Config } from '../platform/config.js';
import { reachDatabase } from '../app/database.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

/**
 * `bin/nedwatch restore FILE [--replace]`: exit code 0 when all rows of the backup are restored, else nothing has
 * changed.
 */
export async function run(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false } },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new BadUsage(msg('restore-usage'));

  const database = await reachDatabase(config);
  try {
    const { tables, takenAt } = await restoreBackup(database, file, values);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const restored = msg('restored', { file, rows, tables: tables.length, takenAt });
    process.stdout.write(`${render(restored, config.language)}\n`);
    return 0;
  } finally {
    await database.close();
  }
}
