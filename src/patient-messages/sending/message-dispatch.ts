import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Queues } from '../../platform/queues/queues.js';
import { StandstillWatch } from '../../platform/queues/standstill-watch.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { MessageAttempts } from './message-attempts.js';

/** A hospital with a due message, and the message that has waited longest, which distinguishes jobs. */
interface DueHospital {
  readonly hospitalId: string;
  readonly head: string;
  readonly attempts: number;
}

/**
 * Puts hospitals with due messages into the queue. A message that the queue refuses, loses or does not move is still pending
 * in the database: it is offered again, and after a minute attempted without the queue.
 */
@Injectable()
export class MessageDispatch implements OnModuleDestroy {
  private readonly logger = new Logger(MessageDispatch.name);
  private readonly standstill = new StandstillWatch();
  private readonly unqueued = new Set<Promise<void>>();

  constructor(
    private readonly scope: HospitalScope,
    private readonly queues: Queues,
    private readonly attempts: MessageAttempts,
  ) {}

  /** Offers every hospital with a due message, at `nowMs` of the process. Does not wait for the attempts. */
  async dispatchDue(nowMs = performance.now()): Promise<void> {
    const due = await this.scope.askAcrossHospitals<DueHospital>(DUE);
    const jobs = due.map(({ hospitalId, head, attempts }) => ({
      id: `${hospitalId}-${head}-${attempts}`,
      data: { hospitalId },
    }));
    const waiting = jobs.map(({ id, data }) => ({ key: data.hospitalId, head: id }));
    const stuck = this.standstill.stuck(waiting, nowMs);
    if (jobs.length === 0) return;
    try {
      await this.queues.add('patient-messages', jobs);
    } catch (error) {
      this.logger.warn(
        `What is due in ${jobs.length} hospitals is offered again: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    for (const hospitalId of stuck) this.attemptWithoutQueue(hospitalId);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.unqueued);
  }

  private attemptWithoutQueue(hospitalId: string): void {
    this.logger.warn('Due messages to patients have not moved: they are attempted without the queue.');
    const attempt: Promise<void> = this.attempts
      .attemptJob({ hospitalId })
      .catch((error: unknown) => this.logger.error(`Messages of ${hospitalId}: ${String(error)}`))
      .finally(() => this.unqueued.delete(attempt));
    this.unqueued.add(attempt);
  }
}

// One look-up in the partial index for each hospital that has ever enabled messages.
const DUE = `
  SELECT s.hospital_id AS "hospitalId", m.id AS head, m.attempts
    FROM message_settings s, LATERAL (
      SELECT id, attempts FROM patient_message
       WHERE hospital_id = s.hospital_id AND state = 'pending' AND next_attempt_at <= (SELECT program_now())
       ORDER BY next_attempt_at, id LIMIT 1) AS m`;
