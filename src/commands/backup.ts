import { parseArgs } from 'node:util';
import { writeBackupFile } from '../backup/backup-file.js';
import { keysApart } from '../backup/keys-apart.js';
import type { Manifest } from '../backup/manifest.js';
import { inOwnerSession } from '../backup/owner-session.js';
import { takeBackup } from '../backup/take-backup.js';
import type { Config } from '../config.js';
import { reachDatabase } from '../database.js';
import { BadUsage } from './bad-usage.js';

/** `bin/nedwatch backup FILE`: all data in one file; `-` is standard output. Programs may run meanwhile. */
export async function run(args: string[], config: Config): Promise<number> {
  const [file, ...others] = parseArgs({ args, allowPositionals: true, options: {} }).positionals;
  if (file === undefined || others.length > 0) throw new BadUsage('backup: which file? One, or - .');

  const database = await reachDatabase(config);
  try {
    const manifest = await database.asOwner((owner) =>
      inOwnerSession(owner, ({ client }) => writeBackupFile(file, (to) => takeBackup(client, to))),
    );
    const said = file === '-' ? process.stderr : process.stdout;
    said.write(`${file}: ${summary(manifest)}\n${keysApart(config)}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

function summary({ tables, takenAt, program, migrations }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${rows} rows of ${tables.length} tables as of ${takenAt}, nedwatch ${program}, ${migrations.length} migrations`;
}
