import type { AuditedCall } from './audit-entry.js';
import type { Caller } from './caller.js';

/**
 * The limits of a transaction: the wait for a lock, the duration of one statement, and the idle time between two, in
 * PostgreSQL's notation; 0: none.
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
  'GET /adherence',
  'GET /adherence/months',
  'GET /exports/adherence.xlsx',
  'GET /exports/adherence.csv',
  'POST /inspection-reports',
];

/** Whether the call changes nothing but the audit trail, so that a caller may repeat it. */
export const isRead = ({ call }: Pick<AuditedCall, 'call'>): boolean => call.startsWith('GET ');

/** A person waits for the answer of a request. Jobs, sweeps and commands have no such limit. */
export function boundsOf({ kind }: Pick<Caller, 'kind'>, audited: AuditedCall | undefined): RequestBounds {
  if (audited === undefined) return kind === 'program' ? PROGRAM : WRITE;
  if (OF_WHOLE_HOSPITAL.includes(audited.call)) return WHOLE_HOSPITAL;
  return isRead(audited) ? READ : WRITE;
}

/**
 * Limits the waits of a look-up before the hospital is known, within its own statement: a subquery that supplies the
 * argument of the look-up function and is always true.
 */
export const BOUNDED_LOOK_UP = `(SELECT set_config('lock_timeout', '5s', true) <> '')`;
