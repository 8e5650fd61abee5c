import { MendableError } from '../messages/mendable-error.js';

/** The configured database cannot be reached. */
export class UnreachableDatabase extends MendableError {}

/** A connection needs a session of its own, but its address leads to a connection pooler. */
export class PooledAddress extends MendableError {}

/** Where one host has several addresses, the first error is enough. */
export const firstOf = (error: unknown): Error =>
  error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** Errors of the network, of the login, or of a server that starts or stops. */
export function isConnectionFault(error: Error): boolean {
  return (
    /^(E[A-Z_]+|28...|3D000|57P0.|08...|53300)$/.test(codeOf(error)) ||
    /Connection terminated|SASL|timeout expired|read timeout/i.test(error.message)
  );
}

// A pooler reports a permanent refusal with the code of a protocol violation.
const FOR_GOOD = /authentication failed|no such (database|user)|not allowed|SASL|password/i;

/**
 * A transient error, which ends when the database has started or has a free connection. A wrong login is permanent.
 */
export function mayPass(error: Error): boolean {
  if (FOR_GOOD.test(error.message) || isRefusedByPooler(error)) return false;
  return (
    /^(ECONN[A-Z]+|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|57P0.|08...|53300)$/.test(
      codeOf(error),
    ) || /Connection terminated|timeout expired|read timeout/i.test(error.message)
  );
}

/** Poolers take no start-up options: pgbouncer names the parameter, others say that they do not support them. */
export const isRefusedByPooler = (error: Error): boolean =>
  /unsupported startup parameter|command-line options/i.test(error.message);
