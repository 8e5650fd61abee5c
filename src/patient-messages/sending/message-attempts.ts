import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { inSpan } from '../../platform/running-work.js';
import type { QueueData } from '../../platform/queues/queue-backend.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { claimMessages, type MessageClaim } from './message-claims.js';
import { recordOutcome } from './message-outcomes.js';
import type { MessageResult } from './message-result.js';
import { MessageSender } from './message-sender.js';

// Together less than a lease.
const RECORD_TRIES = 15;
const RECORD_AGAIN_MS = 1000;

/** Makes the attempts at messages, and records the outcome of each with its effect. */
@Injectable()
export class MessageAttempts implements OnModuleDestroy {
  private readonly logger = new Logger(MessageAttempts.name);
  private stopping = false;
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly scope: HospitalScope,
    private readonly sender: MessageSender,
  ) {}

  /** All attempts of this process are made and recorded. */
  get isIdle(): boolean {
    return this.running.size === 0;
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.running.values());
  }

  /**
   * Makes the attempts that are due in a hospital and that no other process makes, until none is left. A hospital has one
   * such run in a process; a call during it joins the run.
   */
  attemptJob({ hospitalId }: QueueData['patient-messages']): Promise<void> {
    const known = this.running.get(hospitalId);
    if (known) return known;
    const run = this.scope
      .run(hospitalId, () => this.attemptDue())
      .finally(() => this.running.delete(hospitalId));
    this.running.set(hospitalId, run);
    return run;
  }

  private async attemptDue(): Promise<void> {
    while (!this.stopping) {
      const { due, claims, networks } = await this.scope.transaction(async (tx) => ({
        ...(await claimMessages(tx)),
        networks: tx.hospital.networks,
      }));
      if (due === 0) return;
      const ends = await Promise.allSettled(claims.map((claim) => this.attempt(claim, networks)));
      // What could not be recorded is uncertain once its lease has ended; this run ends, so that no more is at risk.
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    }
  }

  /** Outside any transaction: a slow gateway must not hold a connection of the database. */
  private async attempt(claim: MessageClaim, networks: Parameters<MessageSender['send']>[1]): Promise<void> {
    const result = await inSpan('message attempt', { hospital: this.scope.hospitalId }, async (span) => {
      const sent = await this.sender.send(claim, networks);
      span.note({ outcome: sent.outcome, status: sent.status });
      return sent;
    });
    await this.record(claim, result);
  }

  /** This process alone knows the answer: without its record a message that arrived would be left as uncertain. */
  private async record(claim: MessageClaim, result: MessageResult): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        await this.scope.transaction((tx) => recordOutcome(tx, claim, result));
        return;
      } catch (error) {
        if (tries === RECORD_TRIES || this.stopping) throw error;
        this.logger.warn(`The outcome of message ${claim.id} is recorded again: ${String(error)}`);
        await sleep(RECORD_AGAIN_MS);
      }
  }
}
