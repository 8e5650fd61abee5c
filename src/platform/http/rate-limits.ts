import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DataSource, type EntityManager } from 'typeorm';
import { CONFIG, type Config } from '../config.js';
import { DomainError, tooMany } from '../domain-error.js';
import { ServingProcesses } from '../database/serving-processes.js';
import { networkOf } from '../outbound/address-range.js';
import { msg } from '../messages/dictionary.js';
import { FailedAttempts } from './failed-attempts.js';
import { OpenCalls } from './open-calls.js';

const REMEMBERED_SECONDS = 3600;
/** Credential look-ups of guessing addresses; each takes a database connection for about a millisecond. */
const LOOKUPS_AT_ONCE = 2;
const LOOKUPS_WAITING = 1000;

/**
 * Limits the requests of each key or person, of each unknown address and, far more strictly, of each address that
 * sends wrong credentials. The limits hold for all processes together: each admits its part of the requests, counted in
 * its memory, and wrong credentials are counted in the database. So a request with a right credential costs no statement.
 */
@Injectable()
export class RateLimits {
  private readonly ofSecond: RateLimiterMemory;
  private readonly ofBurst: RateLimiterMemory;
  private readonly requests: BurstyRateLimiter;
  private readonly wrongKeys: FailedAttempts;
  private readonly wrongSignIns: FailedAttempts;
  /**
   * Recently valid credentials, each with its address. They do not wait behind the guesses of other senders at the
   * same address.
   */
  private readonly known = new RateLimiterMemory({ points: 1, duration: REMEMBERED_SECONDS });
  private readonly lookups = new Turns(LOOKUPS_AT_ONCE, LOOKUPS_WAITING);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly openCalls: OpenCalls,
    private readonly processes: ServingProcesses,
    dataSource: DataSource,
  ) {
    this.ofSecond = new RateLimiterMemory({ points: config.requestsPerSecond, duration: 1 });
    this.ofBurst = new RateLimiterMemory({ keyPrefix: 'burst', points: config.requestBurst, duration: 10 });
    this.requests = new BurstyRateLimiter(this.ofSecond, this.ofBurst);
    this.wrongKeys = new FailedAttempts('key', config.failedSignInsPerMinute, dataSource);
    this.wrongSignIns = new FailedAttempts('sign-in', config.failedSignInsPerMinute, dataSource);
  }

  /** Refuses an address that calls too often without credentials. */
  async admitUnknown(request: FastifyRequest): Promise<void> {
    if (this.openCalls.includes(request)) await this.consume(`address ${networkOf(request.ip)}`);
  }

  /**
   * Identifies the sender with `find`, or refuses the request. A valid key or token is accepted whatever other
   * senders at its address guess: its 256 random bits cannot be guessed online. Credentials from an address that has
   * sent too many wrong ones are looked up a few at a time, so that guessing leaves the database to the others; a
   * wrong one is answered with 429.
   */
  async identify<C>(request: FastifyRequest, find: () => Promise<C | undefined>): Promise<C> {
    const wait = isAnonymous(request) ? undefined : await this.wrongKeys.knownWait(networkOf(request.ip));
    const refused = wait === undefined ? undefined : guessedTooOften(wait);
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
    await this.consume(`${kind} ${id}`);
  }

  /** Counts a request that was answered with 401. A request without a credential is no guess. */
  async countFailure(request: FastifyRequest): Promise<void> {
    const network = networkOf(request.ip);
    if (this.openCalls.includes(request)) await this.wrongSignIns.count(network);
    else if (!isAnonymous(request)) await this.wrongKeys.count(network);
  }

  /** Refuses a sign-in from an address with too many failed sign-ins, at any process; wrong keys do not count. */
  async refuseGuessing(address: string, db?: EntityManager): Promise<void> {
    const wait = await this.wrongSignIns.wait(networkOf(address), db);
    if (wait !== undefined) throw guessedTooOften(wait);
  }

  private async consume(key: string): Promise<void> {
    this.ofSecond.points = this.processes.partOf(this.config.requestsPerSecond);
    this.ofBurst.points = this.processes.partOf(this.config.requestBurst);
    try {
      await this.requests.consume(key);
    } catch (rejected) {
      if (!(rejected instanceof RateLimiterRes)) throw rejected;
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
      throw tooMany('too-many-requests', msg('too-many-requests'), seconds);
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

/** The answer to an address that has guessed too often. */
const guessedTooOften = (seconds: number): DomainError =>
  tooMany('too-many-failed-sign-ins', msg('too-many-failed-sign-ins'), seconds);

const isAnonymous = ({ headers: { authorization, cookie } }: FastifyRequest): boolean =>
  authorization === undefined && cookie === undefined;

/** A digest of the credential and its address. The secret itself is not kept. */
const credentialOf = ({ ip, headers }: FastifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([networkOf(ip), headers.authorization, headers.cookie]))
    .digest('base64');
