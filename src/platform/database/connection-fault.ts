import { MendableError } from '../messages/mendable-error.js';

/** The database that the configuration names cannot be connected to. */
export class UnreachableDatabase extends MendableError {}

/** A connection needs a session of its own, and its address leads to a connection pooler. */
export class PooledAddress extends MendableError {}

/** Of several addresses of one host, the first fault says enough. */
export const firstOf = (error: unknown): Error =>
  error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** Of the network, of the login, or of a server that starts or stops. */
export function isConnectionFault(error: Error): boolean {
  return (
    /^(E[A-Z_]+|28...|3D000|57P0.|08...|53300)$/.test(codeOf(error)) ||
    /Connection terminated|SASL|timeout expired|read timeout/i.test(error.message)
  );
}

// A pooler that refuses for good does so under the code of any other fault of the protocol.
const FOR_GOOD = /authentication failed|no such (database|user)|not allowed|SASL|password/i;

/** A fault that ends by itself when the database has started or has a free connection; a wrong login does not. */
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
