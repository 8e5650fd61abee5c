import type { Redis } from 'ioredis';
import type { Message } from '../../guideline/message.js';
import { lines, msg } from '../messages/dictionary.js';
import { MendableError } from '../messages/mendable-error.js';

/** The configured Redis does not answer, or refuses the login. */
export class UnreachableRedis extends MendableError {}

/** A Redis whose settings can lose jobs. The message names the setting and the remedy. */
export class UnsafeRedis extends MendableError {
  constructor(
    /** The settings, by name. */
    readonly settings: readonly string[],
    text: Message,
  ) {
    super(text);
    this.name = 'UnsafeRedis';
  }
}

/**
 * Throws `UnsafeRedis` unless this node is durable: no eviction, and an append-only file. Reads INFO, because
 * providers often forbid CONFIG.
 */
export async function refuseUnsafeRedis(node: Redis): Promise<void> {
  const info = `${await node.info('memory')}\n${await node.info('persistence')}`;
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

  const policy = field('maxmemory_policy');
  const problems = [
    {
      setting: 'maxmemory-policy',
      found: policy !== 'noeviction',
      text: msg('redis-evicts', { policy: policy ?? 'unknown' }),
    },
    {
      setting: 'appendonly',
      found: field('aof_enabled') !== '1',
      text: msg('redis-forgets'),
    },
  ].filter(({ found }) => found);
  if (problems.length === 0) return;

  const where = `${node.options.host ?? 'localhost'}:${node.options.port ?? 6379}`;
  throw new UnsafeRedis(
    problems.map(({ setting }) => setting),
    msg('redis-unsafe', { where, lines: lines(problems.map(({ text }) => text)) }),
  );
}
