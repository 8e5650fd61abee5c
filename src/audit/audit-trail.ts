import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Instant } from '../platform/instant.js';
import { encodedCursor, LONGEST_PAGE, pageBy } from '../platform/http/paging.js';
import { text } from '../platform/text.js';
import { AUDIT_COLUMNS, type AuditRow } from '../tenancy/audit-entry.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';

/** In one page, which may be shorter therefore: an import names every patient of the file. */
const MOST_PATIENTS_NAMED = 20_000;

export const AuditFilter = z.object({
  from: Instant.optional().describe('Recorded at or after this instant'),
  to: Instant.optional().describe('Recorded before this instant'),
  patient: z.uuid().optional().describe('Only what concerned this patient'),
  caller: text(100).optional().describe('Only calls of this person, key or program, by `callerId`'),
  outcome: z.enum(['done', 'refused']).optional(),
  changes: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: calls that may change something; false: calls that read'),
});
export type AuditFilter = z.output<typeof AuditFilter>;

export const AuditQuery = pageBy(z.tuple([Instant, z.uuid()])).extend({
  ...AuditFilter.shape,
  order: z.enum(['oldest', 'newest']).default('oldest').describe('Which entry comes first'),
});
export type AuditQuery = z.output<typeof AuditQuery>;

/** How far the trail is sealed. */
export interface SealState {
  readonly batches: number;
  readonly sealedAt: string | null;
  /** The number of entries that are not sealed yet. */
  readonly waiting: number;
  /** When the oldest entry was recorded that is still kept. */
  readonly oldest: string | null;
}

/** Finds entries of the audit trail of the hospital in scope. */
@Injectable()
export class AuditTrail {
  constructor(private readonly scope: HospitalScope) {}

  /** The newest entries, `most` at most, read page by page. */
  async newest(filter: AuditFilter, most: number): Promise<AuditRow[]> {
    const rows: AuditRow[] = [];
    for (;;) {
      const last = rows.at(-1);
      const page = await this.page({
        ...filter,
        ...(last && { cursor: [last.recordedAt, last.id] }),
        ...{ order: 'newest', limit: Math.min(LONGEST_PAGE, most - rows.length) },
      });
      rows.push(...page.rows);
      if (page.nextCursor === null || rows.length >= most) return rows;
    }
  }

  /** One page of the entries. Its cursor is null on the last page. */
  async page(query: AuditQuery): Promise<{ readonly rows: AuditRow[]; readonly nextCursor: string | null }> {
    const { from, to, patient, caller, outcome, changes, cursor, limit, order } = query;
    const found = await this.scope.transaction(({ db, hospital }) =>
      db.query<AuditRow[]>(FIND[order], [
        ...[hospital.id, from ?? null, to ?? null, patient ?? null],
        ...(cursor ?? [null, null]),
        ...[limit + 1, caller ?? null, outcome ?? null, changes ?? null],
      ]),
    );
    const shown = Math.min(limit, rowsNaming(found, MOST_PATIENTS_NAMED));
    const last = found[shown - 1];
    const isLastPage = found.length <= shown || last === undefined;
    return {
      rows: found.slice(0, shown),
      nextCursor: isLastPage ? null : encodedCursor([last.recordedAt, last.id]),
    };
  }

  /** The entry that was recorded at this instant with this id; null: there is none. */
  async entry(recordedAt: string, id: string): Promise<AuditRow | null> {
    const [row] = await this.scope.transaction(({ db, hospital }) =>
      db.query<AuditRow[]>(
        `SELECT ${AUDIT_COLUMNS} FROM audit_event e WHERE hospital_id = $1 AND recorded_at = $2 AND id = $3`,
        [hospital.id, recordedAt, id],
      ),
    );
    return row ?? null;
  }

  async sealState(): Promise<SealState> {
    return this.scope.transaction(async ({ db, hospital }) => {
      const [state] = await db.query<[Omit<SealState, 'sealedAt' | 'oldest'> & SealInstants]>(
        `SELECT coalesce(max(batch), 0)::integer AS batches, max(sealed_at) AS "sealedAt",
                (SELECT count(*)::integer FROM audit_unsealed WHERE hospital_id = $1) AS waiting,
                (SELECT min(recorded_at) FROM audit_event WHERE hospital_id = $1) AS oldest
           FROM audit_seal WHERE hospital_id = $1`,
        [hospital.id],
      );
      const { sealedAt, oldest, ...counts } = state;
      return {
        ...counts,
        sealedAt: sealedAt?.toISOString() ?? null,
        oldest: oldest?.toISOString() ?? null,
      };
    });
  }
}

interface SealInstants {
  readonly sealedAt: Date | null;
  readonly oldest: Date | null;
}

const find = (after: '<' | '>', direction: 'ASC' | 'DESC'): string => `
  SELECT ${AUDIT_COLUMNS} FROM (
    SELECT f.*, sum(cardinality(f.patients)) OVER named_before
                - cardinality(f.patients) - lag(cardinality(f.patients), 1, 0) OVER (ORDER BY f.recorded_at ${direction}, f.id ${direction}) AS named
      FROM (SELECT * FROM audit_event WHERE hospital_id = $1
               AND ($2::timestamptz IS NULL OR recorded_at >= $2) AND ($3::timestamptz IS NULL OR recorded_at < $3)
               AND ($4::uuid IS NULL OR patients @> ARRAY[$4::uuid])
               AND ($5::timestamptz IS NULL OR (recorded_at, id) ${after} ($5, $6::uuid))
               AND ($8::text IS NULL OR caller_id::text = $8) AND ($9::text IS NULL OR outcome = $9)
               AND ($10::text IS NULL OR (call !~ '^GET ') = ($10 = 'true'))
             ORDER BY recorded_at ${direction}, id ${direction} LIMIT $7) AS f
    WINDOW named_before AS (ORDER BY f.recorded_at ${direction}, f.id ${direction} ROWS UNBOUNDED PRECEDING)) AS e
   WHERE named < ${MOST_PATIENTS_NAMED} ORDER BY e.recorded_at ${direction}, e.id ${direction}`;

const FIND: Readonly<Record<AuditQuery['order'], string>> = {
  oldest: find('>', 'ASC'),
  newest: find('<', 'DESC'),
};

/** The number of first rows until they name so many patients; one at least. The query brings one row more. */
function rowsNaming(rows: readonly AuditRow[], most: number): number {
  let named = 0;
  const last = rows.findIndex(({ patients }) => (named += patients.length) >= most);
  return last === -1 ? rows.length : last + 1;
}
