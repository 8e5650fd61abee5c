import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../platform/config.js';
import { busy, tooMany } from '../platform/domain-error.js';
import { FairShare, NoShare, type Release } from '../platform/http/fair-share.js';
import { msg } from '../platform/messages/dictionary.js';
import { networkOf } from '../platform/outbound/address-range.js';
import type { Caller } from '../tenancy/caller.js';
import type { Identified } from '../tenancy/request-caller.js';
import { callOf } from './authentication.js';

const WAIT_MS = 20_000;
const RETRY_SECONDS = 5;

/** Connections reserved for authentication and the program's own work. */
const CONNECTIONS_APART = 2;

/** Three keep the one thread of the process busy; more would delay other hospitals. */
const PER_HOSPITAL = 3;

const share = (running: number, perGroup: number, perMember: number): FairShare =>
  new FairShare({
    ...{ running, runningPerGroup: perGroup, runningPerMember: perMember },
    ...{ waitingPerGroup: 200, waitingPerMember: 100, waitMs: WAIT_MS },
  });

/**
 * Starts requests fairly: hospitals in rotation and, within a hospital, its callers. A request holds its share from
 * before its JSON is parsed until its answer is ready. Counted in this process's memory.
 */
@Injectable()
export class RequestShares implements OnApplicationBootstrap {
  private readonly hospitals: FairShare;
  /** A password check occupies a processor briefly: one per network at a time. */
  private readonly signIns = share(2, 1, 1);
  /** Single sign-on waits for the hospital's provider, and occupies no processor. */
  private readonly openCalls = share(32, 4, 4);
  private readonly held = new WeakMap<FastifyRequest, Promise<Release>>();

  constructor(
    @Inject(CONFIG) { databaseConnections }: Pick<Config, 'databaseConnections'>,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {
    const running = Math.max(1, databaseConnections - CONNECTIONS_APART);
    const perHospital = Math.min(PER_HOSPITAL, Math.ceil(running / 2));
    // Fewer for one caller, so that one busy caller leaves room for colleagues.
    this.hospitals = share(running, perHospital, Math.max(1, perHospital - 1));
  }

  /** After the hooks of the modules: a refused call is audited while it holds its share. */
  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getInstance();
    server.addHook('preHandler', (request) => this.enter(request));
    server.addHook('onSend', (request) => Promise.resolve(this.leave(request)));
    // An answer that could not be sent has also ended.
    server.addHook('onResponse', (request) => Promise.resolve(this.leave(request)));
  }

  /**
   * Waits for the request's turn. Returns immediately once the request has its share. Refuses with 429 when too many
   * requests of the caller or hospital wait, and with 503 after the longest wait.
   */
  async enter(request: FastifyRequest & Identified): Promise<void> {
    const call = callOf(request);
    if (call === undefined) return;
    try {
      await (this.held.get(request) ?? this.take(request, call));
    } catch (error) {
      if (!(error instanceof NoShare)) throw error;
      throw error.reason === 'queue-full'
        ? tooMany('too-many-waiting', msg('too-many-waiting'), RETRY_SECONDS)
        : busy(msg('busy-hospital'), RETRY_SECONDS);
    }
  }

  /** Waits for the turn of work that is no request, such as a message on a connection of its own. Throws `NoShare`. */
  enterAs({ hospitalId, kind, id }: Caller): Promise<Release> {
    return this.hospitals.take(hospitalId, `${kind} ${id}`);
  }

  /** Passes the share to the next request. */
  leave(request: FastifyRequest): void {
    void this.held.get(request)?.then(
      (release) => release(),
      () => undefined,
    );
  }

  private take(request: FastifyRequest & Identified, call: string): Promise<Release> {
    const { caller, ip } = request;
    const network = networkOf(ip);
    const taken =
      caller !== undefined
        ? this.hospitals.take(caller.hospitalId, `${caller.kind} ${caller.id}`)
        : call === 'POST /sign-in'
          ? this.signIns.take(network, network)
          : this.openCalls.take(network, network);
    this.held.set(request, taken);
    return taken;
  }
}
