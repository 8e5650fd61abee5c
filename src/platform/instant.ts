import { z } from 'zod';
import { issue } from './messages/issues.js';

const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

// PostgreSQL accepts only the offsets of time zones, and no unlimited fraction.
const OFFSET = /(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const LONGEST = '2026-11-01T08:00:00.123456789+08:00'.length;

/**
 * Whether `text` is an instant of RFC 3339 in the years 1 to 9999 UTC, which both PostgreSQL and `Date` can
 * represent.
 */
export function isInstant(text: string): boolean {
  if (text.length > LONGEST || !OFFSET.test(text)) return false;
  if (!z.iso.datetime({ offset: true }).safeParse(text).success) return false;
  const at = Date.parse(text);
  return at >= FIRST && at <= LAST;
}

/** An instant in a caller's input. */
export const Instant = z
  .string()
  .refine(isInstant, issue('not-an-instant'))
  .meta({ type: 'string', format: 'date-time', description: 'RFC 3339, of the years 1 to 9999' });
