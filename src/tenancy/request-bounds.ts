import type { AuditedCall } from './audit-entry.js';
import type { Caller } from './caller.js';

/**
 * How long a transaction may wait for a lock, one of its statements may run, and it may compute between two of them, as
 * PostgreSQL reads it; 0: without end.
 */
export interface RequestBounds {
  readonly lock: string;
  readonly statement: string;
  readonly idle: string;
}

// The connection itself ends a transaction that has been idle for half a minute: see `LET_GO_WHEN_IDLE`.
const PROGRAM: RequestBounds = { lock: '0', statement: '0', idle: '30s' };
const READ: RequestBounds = { lock: '5s', statement: '10s', idle: '10s' };
const WRITE: RequestBounds = { lock: '10s', statement: '30s', idle: '15s' };
const WHOLE_HOSPITAL: RequestBounds = { lock: '10s', statement: '120s', idle: '30s' };

/** Calls that read or write thousands of rows in one statement. */
const OF_WHOLE_HOSPITAL: readonly string[] = [
  'POST /imports',
  'POST /patients/:id/erase',
  'POST /plan-changes/:id/apply',
  'POST /plan-changes/:id/undo',
  'POST /webhook-endpoints/:id/recover',
  'GET /audit-events',
];

/** Somebody waits for the answer of a request. Jobs, sweeps and commands of the program may take their time. */
export function boundsOf({ kind }: Pick<Caller, 'kind'>, audited: AuditedCall | undefined): RequestBounds {
  if (audited === undefined) return kind === 'program' ? PROGRAM : WRITE;
  if (OF_WHOLE_HOSPITAL.includes(audited.call)) return WHOLE_HOSPITAL;
  return audited.call.startsWith('GET ') ? READ : WRITE;
}

/**
 * Bounds the waits of a look-up before a hospital is known, in its own statement: a subquery that the look-up function
 * takes its argument from, and that is true.
 */
export const BOUNDED_LOOK_UP = `(SELECT set_config('lock_timeout', '5s', true) <> '')`;
