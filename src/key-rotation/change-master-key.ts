import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Config } from '../platform/config.js';
import { keyContext } from '../encryption/field-cipher.js';
import { WrongMasterKey } from './master-key.js';
import { secretContext } from '../accounts/single-sign-on/identity-providers.js';
import { totpContext } from '../accounts/sign-in/second-factor.js';
import { keyFileIn, SecretBox } from '../encryption/secret-box.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';

/** What the master key seals by itself; everything else is under keys that it wraps. */
interface Sealed {
  readonly hospitalId: string;
  readonly id: string;
  readonly sealed: Buffer;
}
interface SealedColumn {
  readonly select: string;
  readonly update: string;
  readonly contextOf: (row: Sealed) => string;
}
const COLUMNS: readonly SealedColumn[] = [
  {
    select: 'SELECT hospital_id AS "hospitalId", number::text AS id, wrapped AS sealed FROM hospital_key',
    update: 'UPDATE hospital_key SET wrapped = $3 WHERE hospital_id = $1 AND number = $2::integer',
    contextOf: ({ hospitalId, id }) => keyContext(hospitalId, Number(id)),
  },
  {
    select:
      'SELECT hospital_id AS "hospitalId", id, totp_secret AS sealed FROM person WHERE totp_secret IS NOT NULL',
    update: 'UPDATE person SET totp_secret = $3 WHERE hospital_id = $1 AND id = $2',
    contextOf: totpContext,
  },
  {
    select:
      'SELECT hospital_id AS "hospitalId", id, client_secret AS sealed FROM sso_provider WHERE client_secret IS NOT NULL',
    update: 'UPDATE sso_provider SET client_secret = $3 WHERE hospital_id = $1 AND id = $2',
    contextOf: ({ id }) => secretContext(id),
  },
];

/**
 * Seals anew, in the transaction of the owner, whatever the master key seals. Answers how many values. Throws
 * `WrongMasterKey` where one was not sealed with the key before.
 */
export async function resealWithMasterKey(
  owner: EntityManager,
  before: SecretBox,
  after: SecretBox,
): Promise<number> {
  let count = 0;
  for (const { select, update, contextOf } of COLUMNS)
    for (const row of await owner.query<Sealed[]>(`${select} FOR UPDATE`)) {
      const context = contextOf(row);
      await owner.query(update, [row.hospitalId, row.id, after.seal(opened(before, row, context), context)]);
      count++;
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

/** The key that is to hold from now on, and how it comes into force once everything is sealed with it. */
export interface NextKey {
  readonly box: SecretBox;
  /** Says what was done with it. */
  putInForce(): Message;
}

/** As the environment says, or, where the key is a file, a new one beside it until everything is sealed with it. */
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
