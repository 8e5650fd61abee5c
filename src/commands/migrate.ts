import { parseArgs } from 'node:util';
import type { Config } from '../platform/config.js';
import { openDatabase } from '../app/database.js';
import { msg, render } from '../platform/messages/dictionary.js';

/** `bin/nedwatch migrate`: migrates the schema and ends. Idempotent, and safe while programs run. */
export async function run(args: string[], config: Config): Promise<number> {
  parseArgs({ args, options: {} });
  const database = await openDatabase(config);
  await database.close();
  process.stdout.write(`${render(msg('migrated'), config.language)}\n`);
  return 0;
}
