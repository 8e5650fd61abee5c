import { parseArgs } from 'node:util';
import { openDatabase, reachDatabase } from '../app/database.js';
import { AuditAnchor } from '../audit/audit-anchor.js';
import { cellDirectory } from '../backup/hospital-moves/cell-directory.js';
import { cancelMove, deleteLeft, moveHospital, type Moved } from '../backup/hospital-moves/move-hospital.js';
import { type Place, placeName } from '../backup/hospital-moves/place.js';
import { FieldCipher } from '../encryption/field-cipher.js';
import { SecretBox } from '../encryption/secret-box.js';
import type { Message } from '../guideline/message.js';
import type { Config } from '../platform/config.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { BadUsage } from './bad-usage.js';

/**
 * `bin/nedwatch hospital move CODE [--cancel | --delete-left]`: moves a hospital to `NEDWATCH_MOVE_TO_URL`.
 * `bin/nedwatch hospital directory CELL`: prints the hospitals of this database for a proxy's map.
 */
export async function run([what, ...args]: string[], config: Config): Promise<number> {
  if (what === 'move') return move(args, config);
  if (what === 'directory') return directory(args, config);
  throw new BadUsage(msg('hospital-usage'));
}

const CELL = /^[a-z0-9][a-z0-9-]{0,39}$/;

async function directory([cell = '', ...others]: string[], config: Config): Promise<number> {
  if (!CELL.test(cell) || others.length > 0) throw new BadUsage(msg('directory-usage'));
  const database = await reachDatabase(config);
  try {
    const lines = await cellDirectory({ database, name: placeName(database.url) }, cell);
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  } finally {
    await database.close();
  }
}

async function move(args: string[], config: Config): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      cancel: { type: 'boolean', default: false },
      'delete-left': { type: 'boolean', default: false },
    },
  });
  const [hospital, ...others] = positionals;
  if (hospital === undefined || others.length > 0 || (values.cancel && values['delete-left']))
    throw new BadUsage(msg('hospital-usage'));
  const { moveToUrl } = config;
  if (moveToUrl === undefined) throw new BadUsage(msg('move-to-missing'));

  const database = await openDatabase(config);
  try {
    const target = await reachDatabase({
      ...{ ...config, databaseUrl: moveToUrl, directUrl: undefined, ownerUrl: undefined },
    });
    const from: Place = { database, name: placeName(database.url) };
    const to: Place = { database: target, name: placeName(target.url) };
    const say = (message: Message): void =>
      void process.stdout.write(`${render(message, config.language)}\n`);
    const box = new SecretBox(config);
    const scope = new HospitalScope(database.dataSource, new FieldCipher(box));
    try {
      if (values.cancel) {
        await cancelMove({ from, to, hospital });
        say(msg('move-cancelled', { hospital, where: from.name }));
      } else if (values['delete-left']) {
        const anchor = new AuditAnchor(config, database.dataSource, scope);
        // Of its anchored seals none is left here.
        const forget = async (hospitalId: string): Promise<void> =>
          void (await anchor.write([{ hospitalId, batch: 0, reason: `moved to ${to.name}` }]));
        await deleteLeft({ from, to, hospital }, forget);
        say(msg('left-deleted', { hospital, where: from.name }));
      } else {
        const record = (id: string): Promise<void> =>
          scope.run(id, () => scope.recordAlone('hospital move', { detail: { to: to.name } }));
        const { patience } = database;
        say(summary(hospital, to, await moveHospital({ from, to, hospital, box, patience, record })));
      }
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    await database.close();
  }
}

function summary(hospital: string, { name: where }: Place, { tables, frozenMs }: Moved): Message {
  if (tables.length === 0) return msg('hospital-released', { hospital, where });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const seconds = (frozenMs / 1000).toFixed(1);
  return msg('hospital-moved', { hospital, where, rows, tables: tables.length, seconds });
}
