import type { Redis } from 'ioredis';

/** A Redis whose settings can lose jobs. The message names the setting and the remedy. */
export class UnsafeRedis extends Error {
  constructor(
    /** Its settings, by name. */
    readonly settings: readonly string[],
    message: string,
  ) {
    super(message);
    this.name = 'UnsafeRedis';
  }
}

/**
 * Throws `UnsafeRedis` unless this node keeps what it is given: no eviction, and an append-only file. Reads
 * INFO, because providers often forbid CONFIG.
 */
export async function refuseUnsafeRedis(node: Redis): Promise<void> {
  const info = `${await node.info('memory')}\n${await node.info('persistence')}`;
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

  const policy = field('maxmemory_policy');
  const problems = [
    {
      setting: 'maxmemory-policy',
      found: policy !== 'noeviction',
      text: `maxmemory-policy is ${policy ?? 'unknown'}: a full Redis would drop jobs. Set "maxmemory-policy noeviction".`,
    },
    {
      setting: 'appendonly',
      found: field('aof_enabled') !== '1',
      text: 'appendonly is no: a Redis that is killed would forget its jobs. Set "appendonly yes".',
    },
  ].filter(({ found }) => found);
  if (problems.length === 0) return;

  const where = `${node.options.host ?? 'localhost'}:${node.options.port ?? 6379}`;
  const lines = problems.map(({ text }) => `  ${text}`).join('\n');
  throw new UnsafeRedis(
    problems.map(({ setting }) => setting),
    `nedwatch does not start, because the Redis at ${where} can lose jobs:\n${lines}`,
  );
}
