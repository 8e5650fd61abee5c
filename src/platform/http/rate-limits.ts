import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../config.js';
import { DomainError, tooMany } from '../domain-error.js';
import { networkOf } from '../outbound/address-range.js';
import { msg } from '../messages/dictionary.js';
import { OpenCalls } from './open-calls.js';

const REMEMBERED_SECONDS = 3600;
/** Of addresses that guess; each takes a connection of the database for about a millisecond. */
const LOOKUPS_AT_ONCE = 2;
const LOOKUPS_WAITING = 1000;

/**
 * How often each key or person may ask, each address that is not known yet, and, far less often, each address that sends
 * wrong credentials. Counted in this process's memory: with several processes the limits are that many times as high, and
 * a restart forgets.
 */
@Injectable()
export class RateLimits {
  private readonly requests: BurstyRateLimiter;
  private readonly wrongKeys: RateLimiterMemory;
  private readonly wrongSignIns: RateLimiterMemory;
  /** Credentials that were right lately, each with its address: they do not wait behind a neighbour's guesses. */
  private readonly known = new RateLimiterMemory({ points: 1, duration: REMEMBERED_SECONDS });
  private readonly lookups = new Turns(LOOKUPS_AT_ONCE, LOOKUPS_WAITING);

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly openCalls: OpenCalls,
  ) {
    this.requests = new BurstyRateLimiter(
      new RateLimiterMemory({ points: config.requestsPerSecond, duration: 1 }),
      new RateLimiterMemory({ keyPrefix: 'burst', points: config.requestBurst, duration: 10 }),
    );
    const wrong = { points: config.failedSignInsPerMinute, duration: 60 };
    this.wrongKeys = new RateLimiterMemory(wrong);
    this.wrongSignIns = new RateLimiterMemory(wrong);
  }

  /** Refuses an address that asks too often for what is open to all. */
  async admitUnknown(request: FastifyRequest): Promise<void> {
    if (this.openCalls.includes(request))
      await this.consume(this.requests, `address ${networkOf(request.ip)}`);
  }

  /**
   * Finds out with `find` who sends the request, or refuses it. A right key or token is taken whatever its neighbours guess:
   * its 256 random bits cannot be guessed online. From an address that has sent too many wrong ones credentials are
   * looked up a few at a time, so that guessing leaves the database to the others; a wrong one is answered 429.
   */
  async identify<C>(request: FastifyRequest, find: () => Promise<C | undefined>): Promise<C> {
    const refused = isAnonymous(request) ? undefined : await refusalOf(this.wrongKeys, request.ip);
    const waits = refused !== undefined && (await this.known.get(credentialOf(request))) === null;
    const caller = waits ? await this.lookups.run(find, refused) : await find();
    if (caller !== undefined) return caller;
    throw refused ?? new DomainError('unauthenticated', 'key-required', msg('key-required'));
  }

  /** Once it is known who asks. */
  async admit(
    request: FastifyRequest,
    { kind, id }: { readonly kind: string; readonly id: string },
  ): Promise<void> {
    await this.known.set(credentialOf(request), 1, REMEMBERED_SECONDS);
    await this.consume(this.requests, `${kind} ${id}`);
  }

  /** Counts a request that was answered with 401. Without a credential nothing was guessed. */
  async countFailure(request: FastifyRequest): Promise<void> {
    const network = networkOf(request.ip);
    if (this.openCalls.includes(request)) await this.wrongSignIns.penalty(network);
    else if (!isAnonymous(request)) await this.wrongKeys.penalty(network);
  }

  /** Refuses a sign-in from an address where too many have failed; wrong keys do not count. */
  async refuseGuessing(address: string): Promise<void> {
    const refused = await refusalOf(this.wrongSignIns, address);
    if (refused !== undefined) throw refused;
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

/** Runs a few things at once, and the others in their order. */
class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingAtMost: number,
  ) {}

  /** Throws `full` when too many wait already. */
  async run<T>(work: () => Promise<T>, full: DomainError): Promise<T> {
    if (this.running < this.atOnce) this.running++;
    else if (this.waiting.length >= this.waitingAtMost) throw full;
    else await new Promise<void>((turn) => this.waiting.push(turn));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}

/** What an address that has guessed too often is answered; undefined while it has not. */
async function refusalOf(failures: RateLimiterMemory, address: string): Promise<DomainError | undefined> {
  const failed = await failures.get(networkOf(address));
  if (failed === null || failed.consumedPoints < failures.points) return undefined;
  return tooMany('too-many-failed-sign-ins', msg('too-many-failed-sign-ins'), secondsOf(failed));
}

const isAnonymous = ({ headers: { authorization, cookie } }: FastifyRequest): boolean =>
  authorization === undefined && cookie === undefined;

const secondsOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** What was sent to say who asks, and from where; a digest, because a secret is not kept. */
const credentialOf = ({ ip, headers }: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([networkOf(ip), headers.authorization, headers.cookie]))
    .digest('base64');
