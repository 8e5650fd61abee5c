import { describe } from '@jest/globals';
import { hasRedis } from './redis.js';
import { describeWhere } from './where-present.js';

/** `describe` where there is a Redis. */
export const describeOnRedis = describeWhere(hasRedis(), 'redis-server');

/** The same suite on both of the queue's backends; on Redis it is skipped where there is none. */
export function onEachBackend(name: string, body: (backend: 'PostgreSQL' | 'Redis') => void): void {
  describe(`${name} PostgreSQL`, () => body('PostgreSQL'));
  describeOnRedis(`${name} Redis`, () => body('Redis'));
}
