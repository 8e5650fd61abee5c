import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../config.js';
import { tooMany } from '../domain-error.js';
import type { Caller } from './caller.js';
import { networkOf } from './address-range.js';
import { OPEN_CALLS } from './rights.js';
import { msg } from '../platform/messages/dictionary.js';

const PREFIX = '/api/v1';
const REMEMBERED_SECONDS = 3600;

/**
 * How often somebody may ask: each key or person, each address where nobody is known yet, and, far less often,
 * each address that comes with wrong credentials. Counted in this process's memory: with several processes the
 * limits are that many times as high, and a restart forgets.
 */
@Injectable()
export class RateLimits {
  private readonly requests: BurstyRateLimiter;
  private readonly failures: RateLimiterMemory;
  /** Credentials that were right lately, each with its address: guessing by a neighbour does not lock them out. */
  private readonly known = new RateLimiterMemory({ points: 1, duration: REMEMBERED_SECONDS });

  constructor(@Inject(CONFIG) config: Config) {
    this.requests = new BurstyRateLimiter(
      new RateLimiterMemory({ points: config.requestsPerSecond, duration: 1 }),
      new RateLimiterMemory({ keyPrefix: 'burst', points: config.requestBurst, duration: 10 }),
    );
    this.failures = new RateLimiterMemory({ points: config.failedSignInsPerMinute, duration: 60 });
  }

  /**
   * Before it is known who asks: refuses an address that has guessed too often, and one that asks too often for what
   * is open to all. Sign-in refuses guessing itself, once it knows whether the device is a known one.
   */
  async admitUnknown(request: FastifyRequest): Promise<void> {
    const open = isOpen(request);
    if (open) await this.consume(this.requests, `address ${networkOf(request.ip)}`);
    if (request.url.startsWith(`${PREFIX}/`) && !open)
      await this.refuseGuessing(request.ip, credentialOf(request));
  }

  /** Once it is known who asks. */
  async admit(request: FastifyRequest, { kind, id }: Caller): Promise<void> {
    // Of many guesses sent at once, a right one among the last is refused like the wrong ones.
    await this.refuseGuessing(request.ip, credentialOf(request));
    await this.known.set(credentialOf(request), 1, REMEMBERED_SECONDS);
    await this.consume(this.requests, `${kind} ${id}`);
  }

  /** Counts a request that was answered with 401. Whoever came with nothing has guessed nothing. */
  async countFailure(request: FastifyRequest): Promise<void> {
    const { authorization, cookie } = request.headers;
    if (authorization === undefined && cookie === undefined && !isOpen(request)) return;
    await this.failures.penalty(networkOf(request.ip));
  }

  /** Refuses an address that has guessed too often, unless the credential was right there lately. */
  async refuseGuessing(address: string, credential?: string): Promise<void> {
    const failed = await this.failures.get(networkOf(address));
    if (failed === null || failed.consumedPoints < this.failures.points) return;
    if (credential !== undefined && (await this.known.get(credential)) !== null) return;
    throw tooMany('too-many-failed-sign-ins', msg('too-many-failed-sign-ins'), secondsOf(failed));
  }

  private async consume(limiter: BurstyRateLimiter, key: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (rejected) {
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      throw tooMany('too-many-requests', msg('too-many-requests'), secondsOf(rejected));
    }
  }
}

/** Whether the call is one that is made before anybody is known. */
function isOpen({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  return !url.startsWith(`${PREFIX}/`) || OPEN_CALLS.includes(`${method} ${url.slice(PREFIX.length)}`);
}

const secondsOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** What was sent to say who asks, and from where; a digest, because a secret is not kept. */
const credentialOf = ({ ip, headers }: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([networkOf(ip), headers.authorization, headers.cookie]))
    .digest('base64');
