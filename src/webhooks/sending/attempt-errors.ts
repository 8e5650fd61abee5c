import { clean } from './answer-text.js';

const TIMEOUTS = new Set(['TimeoutError', 'ConnectTimeoutError', 'HeadersTimeoutError', 'BodyTimeoutError']);

/** Whether no answer came in time. */
export const isTimeout = (error: unknown): boolean => TIMEOUTS.has(textOf(error, 'name'));

// No network, no name server, no free file descriptor; and errors of our own proxy.
const OUR_FAULTS = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EMFILE', 'ENFILE']);

/** Whether the error occurred before the receiver was reached; of several addresses, for all of them. */
export const isOurs = (error: unknown): boolean =>
  error instanceof AggregateError && error.errors.length > 0
    ? error.errors.every(isOurs)
    : textOf(error, 'name') === 'ProxyRefused' || OUR_FAULTS.has(textOf(error, 'code'));

/** An AggregateError of several addresses has no message of its own; its first part does. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return clean(textOf(error, 'message') || textOf(error, 'name') || String(error));
}

// Checks the shape: some thrown values, such as a DOMException, are not instances of Error in every context.
function textOf(error: unknown, field: 'name' | 'message' | 'code'): string {
  if (typeof error !== 'object' || error === null || !(field in error)) return '';
  return String((error as Record<typeof field, unknown>)[field]);
}
