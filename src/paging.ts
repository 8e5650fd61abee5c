import { z } from 'zod';

export const Uuid = z.uuid('Not an id: ids are UUIDs.');

const Cursor = z
  .string()
  .max(1000)
  .transform((text, ctx) => {
    try {
      return z.array(z.string()).min(1).max(4).parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    } catch {
      ctx.addIssue({ code: 'custom', message: 'Not a cursor of this list: send back nextCursor as it came.' });
      return z.NEVER;
    }
  });

/** How every list pages: the sort key of the last row seen, opaque to the caller. */
export const Page = z.object({
  cursor: Cursor.optional().meta({ type: 'string', description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const pageOf = <T extends z.ZodType>(id: string, item: T): z.ZodType =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id });

/** The cursor behind the first `limit` of `rows`, which were fetched with one row more; null on the last page. */
export function nextCursor<T>(rows: readonly T[], limit: number, keyOf: (row: T) => readonly string[]): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null;
}
