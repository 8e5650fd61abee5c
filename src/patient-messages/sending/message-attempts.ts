import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { QueueData } from '../../platform/queues/queue-backend.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { claimMessages, type MessageClaim } from './message-claims.js';
import { recordOutcome } from './message-outcomes.js';
import { MessageSender } from './message-sender.js';

/** Makes the attempts at messages. Each message is sent at least once, and its outcome is recorded with its effect. */
@Injectable()
export class MessageAttempts implements OnModuleDestroy {
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
      // What could not be recorded is attempted again once its lease has ended; this run ends, so that no more is at risk.
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    }
  }

  /** Outside any transaction: a slow gateway must not hold a connection of the database. */
  private async attempt(claim: MessageClaim, networks: Parameters<MessageSender['send']>[1]): Promise<void> {
    const result = await this.sender.send(claim, networks);
    await this.scope.transaction((tx) => recordOutcome(tx, claim, result));
  }
}
