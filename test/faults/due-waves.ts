import type { ExternalPostgres } from '../support/external-postgres.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { dueItems } from './faulty-hospital.js';

const EACH_SECOND = 40;
const PLANTED = 20_000;

/** Items whose reminders become due, some each second. */
export class DueWaves {
  private due = 0;
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(private readonly postgres: ExternalPostgres) {}

  /** Before any other patient is enrolled: each gets an item. */
  static async plant(postgres: ExternalPostgres): Promise<DueWaves> {
    const [policy = '', patients = '', items = ''] = dueItems(PLANTED);
    await postgres.query(policy);
    await postgres.query(patients);
    await postgres.query(items.replace(/, day\n/, ', NULL\n'));
    await postgres.query('ANALYZE');
    return new DueWaves(postgres);
  }

  start(): void {
    this.running = this.run();
    this.running.catch(() => undefined); // `stop` reports it
  }

  /** Returns the number of items that became due. */
  async stop(): Promise<number> {
    this.isStopped = true;
    await this.running;
    return this.due;
  }

  private async run(): Promise<void> {
    while (!this.isStopped && this.due < PLANTED) {
      const [from, to] = [this.due + 1, this.due + EACH_SECOND];
      await this.postgres.query(
        `UPDATE surveillance_item SET next_reminder_on = due WHERE patient_id IN (
           SELECT p.id FROM patient p JOIN generate_series(${from}, ${to}) AS n ON p.mrn = n::text)`,
      );
      this.due = to;
      await sleep(1000);
    }
  }
}
