import { parseArgs } from 'node:util';
import { writeBackupFile } from '../backup/backup-file.js';
import { keysApart } from '../backup/keys-apart.js';
import type { Manifest } from '../backup/manifest.js';
import { inOwnerSession } from '../backup/owner-session.js';
import { takeBackup } from '../backup/take-backup.js';
import type { Config } from '../config.js';
import type { Message } from '../guideline/message.js';
import { reachDatabase } from '../database.js';
import { BadUsage } from './bad-usage.js';
import { msg, render } from '../platform/messages/dictionary.js';

/** `bin/nedwatch backup FILE`: all data in one file; `-` is standard output. Programs may run meanwhile. */
export async function run(args: string[], config: Config): Promise<number> {
  const [file, ...others] = parseArgs({ args, allowPositionals: true, options: {} }).positionals;
  if (file === undefined || others.length > 0) throw new BadUsage(msg('backup-usage'));

  const database = await reachDatabase(config);
  try {
    const manifest = await database.asOwner((owner) =>
      inOwnerSession(owner, ({ client }) => writeBackupFile(file, (to) => takeBackup(client, to))),
    );
    const said = file === '-' ? process.stderr : process.stdout;
    for (const message of [summary(file, manifest), keysApart(config)])
      said.write(`${render(message, config.language)}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

function summary(file: string, { tables, takenAt, program, migrations }: Manifest): Message {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const figures = { rows, tables: tables.length, migrations: migrations.length };
  return msg('backup-taken', { file, takenAt, program, ...figures });
}
