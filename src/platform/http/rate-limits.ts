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
/** Credential look-ups of guessing addresses; each takes a database connection for about a millisecond. */
const LOOKUPS_AT_ONCE = 2;
const LOOKUPS_WAITING = 1000;

/**
 * Limits the requests of each key or person, of each unknown address and, far more strictly, of each address that
 * sends wrong credentials. Counted in this process's memory: several processes multiply the limits, and a restart
 * resets them.
 */
@Injectable()
export class RateLimits {
  private readonly requests: BurstyRateLimiter;
  private readonly wrongKeys: RateLimiterMemory;
  private readonly wrongSignIns: RateLimiterMemory;
  /**
   * Recently valid credentials, each with its address. They do not wait behind the guesses of other senders at the
   * same address.
   */
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

  /** Refuses an address that calls too often without credentials. */
  async admitUnknown(request: FastifyRequest): Promise<void> {
    if (this.openCalls.includes(request))
      await this.consume(this.requests, `address ${networkOf(request.ip)}`);
  }

  /**
   * Identifies the sender with `find`, or refuses the request. A valid key or token is accepted whatever other
   * senders at its address guess: its 256 random bits cannot be guessed online. Credentials from an address that has
   * sent too many wrong ones are looked up a few at a time, so that guessing leaves the database to the others; a
   * wrong one is answered with 429.
   */
  async identify<C>(request: FastifyRequest, find: () => Promise<C | undefined>): Promise<C> {
    const refused = isAnonymous(request) ? undefined : await refusalOf(this.wrongKeys, request.ip);
    const waits = refused !== undefined && (await this.known.get(credentialOf(request))) === null;
    const caller = waits ? await this.lookups.run(find, refused) : await find();
    if (caller !== undefined) return caller;
    throw refused ?? new DomainError('unauthenticated', 'key-required', msg('key-required'));
  }

  /** For an identified caller. */
  async admit(
    request: FastifyRequest,
    { kind, id }: { readonly kind: string; readonly id: string },
  ): Promise<void> {
    await this.known.set(credentialOf(request), 1, REMEMBERED_SECONDS);
    await this.consume(this.requests, `${kind} ${id}`);
  }

  /** Counts a request that was answered with 401. A request without a credential is no guess. */
  async countFailure(request: FastifyRequest): Promise<void> {
    const network = networkOf(request.ip);
    if (this.openCalls.includes(request)) await this.wrongSignIns.penalty(network);
    else if (!isAnonymous(request)) await this.wrongKeys.penalty(network);
  }

  /** Refuses a sign-in from an address with too many failed sign-ins; wrong keys do not count. */
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

/** Runs a few tasks concurrently, and the others in their order. */
class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingAtMost: number,
  ) {}

  /** Throws `full` when too many tasks wait already. */
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

/** The answer to an address that has guessed too often; undefined below the limit. */
async function refusalOf(failures: RateLimiterMemory, address: string): Promise<DomainError | undefined> {
  const failed = await failures.get(networkOf(address));
  if (failed === null || failed.consumedPoints < failures.points) return undefined;
  return tooMany('too-many-failed-sign-ins', msg('too-many-failed-sign-ins'), secondsOf(failed));
}

const isAnonymous = ({ headers: { authorization, cookie } }: FastifyRequest): boolean =>
  authorization === undefined && cookie === undefined;

const secondsOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1000));

/** A digest of the credential and its address. The secret itself is not kept. */
const credentialOf = ({ ip, headers }: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([networkOf(ip), headers.authorization, headers.cookie]))
    .digest('base64');
