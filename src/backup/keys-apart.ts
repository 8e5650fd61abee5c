import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHECKOUT } from '../platform/checkout.js';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';

/** The message at the end of every backup: keys are not part of it, and where they are stored. */
export function keysApart({ dataDirectory }: Pick<Config, 'dataDirectory'>): Message {
  const folder = join(resolve(CHECKOUT, dataDirectory), 'keys');
  const keys = existsSync(folder) ? readdirSync(folder) : [];
  return keys.length === 0 ? msg('keys-elsewhere') : msg('keys-apart', { folder, keys });
}
