import { z } from 'zod';
import { issue } from '../platform/messages/issues.js';
import { rangeOf } from '../platform/outbound/address-range.js';

const AddressRange = z
  .string()
  .max(100)
  .transform((written, ctx) => {
    const range = rangeOf(written.trim());
    if (range !== undefined) return range;
    ctx.addIssue({ code: 'custom', message: issue('address-range-form') });
    return z.NEVER;
  })
  .meta({ type: 'string' });

/** Of one account or key. */
export const MOST_RANGES = 50;

/** CIDR ranges in a canonical form; null: every address. */
export const AddressRanges = z.array(AddressRange).min(1).max(MOST_RANGES).nullable();
