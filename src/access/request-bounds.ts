import type { AuditedCall } from './audit-entry.js';
import type { Caller } from './caller.js';

/** How long a transaction may wait for a lock, and one of its statements may run, as PostgreSQL reads it; 0: without end. */
export interface RequestBounds {
  readonly lock: string;
  readonly statement: string;
}

const UNBOUNDED: RequestBounds = { lock: '0', statement: '0' };
const READ: RequestBounds = { lock: '10s', statement: '20s' };
// An import writes a whole roster.
const WRITE: RequestBounds = { lock: '10s', statement: '120s' };

/** Somebody waits for the answer of a request. Jobs, sweeps and commands of the program may take their time. */
export function boundsOf({ kind }: Pick<Caller, 'kind'>, audited: AuditedCall | undefined): RequestBounds {
  if (kind === 'program') return UNBOUNDED;
  return audited?.call.startsWith('GET ') ? READ : WRITE;
}
