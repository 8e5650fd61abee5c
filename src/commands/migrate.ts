import { parseArgs } from 'node:util';
import type { Config } from '../platform/config.js';
import { openDatabase } from '../app/database.js';
import { msg, render } from '../platform/messages/dictionary.js';

/** `bin/nedwatch migrate`: brings the schema up to date and ends. Safe to repeat, and while programs run. */
export async function run(args: string[], config: Config): Promise<number> {
  parseArgs({ args, options: {} });
  const database = await openDatabase(config);
  await database.close();
  process.stdout.write(`${render(msg('migrated'), config.language)}\n`);
  return 0;
}
