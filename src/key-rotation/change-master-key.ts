import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Config } from '../platform/config.js';
import type { TableDeclaration } from '../encryption/table-declaration.js';
import { WrongMasterKey } from './master-key.js';
import { keyFileIn, SecretBox } from '../encryption/secret-box.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';

/** A secret that the master key seals. Everything else is under keys that the master key wraps. */
interface Sealed {
  readonly hospitalId: string;
  readonly id: string;
  readonly sealed: Buffer;
}

/**
 * Seals every secret of the declared tables with the key `after`, in the transaction of the owner. Returns how many.
 * Throws `WrongMasterKey` where one was not sealed with the key `before`.
 */
export async function resealWithMasterKey(
  owner: EntityManager,
  tables: readonly TableDeclaration[],
  before: SecretBox,
  after: SecretBox,
): Promise<number> {
  let count = 0;
  for (const { table, underMasterKey } of tables) {
    if (!underMasterKey) continue;
    const { column, row, contextOf } = underMasterKey;
    const rows = await owner.query<Sealed[]>(
      `SELECT hospital_id AS "hospitalId", ${row}::text AS id, ${column} AS sealed FROM ${table}
        WHERE ${column} IS NOT NULL FOR UPDATE`,
    );
    for (const secret of rows) {
      const context = contextOf(secret);
      await owner.query(`UPDATE ${table} SET ${column} = $3 WHERE hospital_id = $1 AND ${row}::text = $2`, [
        ...[secret.hospitalId, secret.id, after.seal(opened(before, secret, context), context)],
      ]);
      count++;
    }
  }
  return count;
}

function opened(box: SecretBox, { sealed }: Sealed, context: string): Buffer {
  try {
    return box.open(sealed, context);
  } catch (error) {
    throw new WrongMasterKey(msg('master-key-opens-nothing'), {
      cause: error,
    });
  }
}

const boxOf = (masterKey: Buffer): SecretBox => new SecretBox({ masterKey, dataDirectory: '' });

/** The next master key, and how it comes into force once everything is sealed with it. */
export interface NextKey {
  readonly box: SecretBox;
  /** Returns the message about where the key is kept. */
  putInForce(): Message;
}

/**
 * The key of the environment, or, where the key is a file, a new key in a file beside it. Undefined: there is
 * neither.
 */
export function nextKey({ masterKey, newMasterKey, dataDirectory }: Config): NextKey | undefined {
  if (newMasterKey !== undefined)
    return {
      box: boxOf(newMasterKey),
      putInForce: () => msg('master-from-environment'),
    };
  if (masterKey !== undefined) return undefined;
  const file = keyFileIn(dataDirectory);
  if (!existsSync(file)) return undefined;
  const key = randomBytes(32);
  writeFileSync(`${file}.next`, key, { mode: 0o600 });
  return {
    box: boxOf(key),
    putInForce: () => {
      renameSync(file, `${file}.before`);
      renameSync(`${file}.next`, file);
      return msg('master-in-file', { file, before: `${file}.before` });
    },
  };
}
