import { Logger } from '@nestjs/common';
import type { Logger as StatementLogger } from 'typeorm';
import { runningWork } from '../running-work.js';
import { normalisedStatement } from './normalised-statement.js';

/** PostgreSQL cancelled the statement: it took longer than its limit, or waited too long for a lock. */
const CANCELLED: Readonly<Record<string, string>> = {
  '57014': 'was cancelled at its time limit',
  '55P03': 'waited too long for a lock',
};

// A database that is slow is slow for all: so many lines a minute say enough, and the log does not fill the disk.
const LINES_A_MINUTE = 60;
const MINUTE_MS = 60_000;

/**
 * Logs statements that took longer than the data source's `maxQueryExecutionTime`, and those that PostgreSQL cancelled
 * for their duration: which work sent them, how long they took, and their normalised text. Never their parameters.
 */
export class SlowStatements implements StatementLogger {
  private readonly logger = new Logger('SlowStatement');
  private minuteBeganMs = -Infinity;
  private lines = 0;

  logQuerySlow(milliseconds: number, statement: string): void {
    this.write(`took ${milliseconds} ms`, statement);
  }

  logQueryError(error: string | Error, statement: string): void {
    const cancelled = CANCELLED[(error as { readonly code?: string }).code ?? ''];
    if (cancelled !== undefined) this.write(cancelled, statement);
  }

  logQuery(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}

  private write(what: string, statement: string): void {
    const now = performance.now();
    if (now - this.minuteBeganMs >= MINUTE_MS) {
      this.minuteBeganMs = now;
      this.lines = 0;
    }
    if (++this.lines > LINES_A_MINUTE) return;
    const { name = 'a command', span } = runningWork() ?? {};
    const traced = span === undefined ? '' : ` (trace ${span.traceId})`;
    this.logger.warn(`A statement of ${name}${traced} ${what}: ${normalisedStatement(statement)}`);
  }
}
