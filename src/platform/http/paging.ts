import { z } from 'zod';
import { issue } from '../messages/issues.js';

export const Uuid = z.uuid(issue('not-an-id'));

/** Rows of one page. */
export const LONGEST_PAGE = 500;

/** The sort key of the last row seen, opaque to the caller and validated like any other input. */
const cursorOf = <Key extends z.ZodType>(key: Key) =>
  z
    .string()
    .max(1000)
    .transform((encoded, ctx): z.output<Key> => {
      try {
        return key.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
      } catch {
        ctx.addIssue({
          code: 'custom',
          message: issue('not-a-cursor'),
        });
        return z.NEVER;
      }
    })
    .meta({ type: 'string', description: 'nextCursor of the page before' });

/** How every list pages: at most `limit` rows after the row whose sort key is the cursor. */
export const pageBy = <Key extends z.ZodType>(key: Key) =>
  z.object({
    cursor: cursorOf(key).optional(),
    limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(50),
  });

export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  z.object({ items: z.array(item).max(LONGEST_PAGE), nextCursor: z.string().nullable() }).meta({ id });

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The cursor after the first `limit` of `rows`, which contain one row more; null on the last page. */
export function nextCursor<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => readonly string[],
): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? encodedCursor(keyOf(last)) : null;
}

/** The cursor behind the row with this sort key. */
export const encodedCursor = (key: readonly string[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');
