import { Injectable } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ImportKind } from './rows/import-rows.js';
import { headingForm } from './roster/headings.js';

/** What a heading means in one hospital, as a person said by hand. */
export interface HeadingMapping {
  readonly kind: ImportKind;
  readonly heading: string;
  /** Null: the column is not read. */
  readonly field: string | null;
  readonly mappedBy: string;
  readonly mappedAt: Date;
}

/** The most headings that a hospital's mappings hold. The oldest are forgotten first. */
export const MOST_MAPPINGS = 500;

/** The meanings of headings that a hospital gave by hand, for the imports that follow. */
@Injectable()
export class HeadingMappings {
  constructor(private readonly scope: HospitalScope) {}

  list(): Promise<HeadingMapping[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.query<HeadingMapping[]>(
        `SELECT kind, heading, field, mapped_by AS "mappedBy", mapped_at AS "mappedAt" FROM import_mapping
          WHERE hospital_id = $1 ORDER BY kind, heading LIMIT ${MOST_MAPPINGS}`,
        [hospital.id],
      ),
    );
  }
}

/** The remembered meanings for files of one kind, by the form of the heading. */
export async function rememberedMappings(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  kind: ImportKind,
): Promise<(readonly [string, string | null])[]> {
  const rows = await db.query<{ form: string; field: string | null }[]>(
    `SELECT form, field FROM import_mapping WHERE hospital_id = $1 AND kind = $2 ORDER BY form LIMIT ${MOST_MAPPINGS}`,
    [hospital.id, kind],
  );
  return rows.map(({ form, field }) => [form, field]);
}

/** Remembers the meanings that an import was given. */
export async function rememberMappings(
  { db, hospital, caller, now }: HospitalTransaction,
  kind: ImportKind,
  mapping: Readonly<Record<string, string | null>>,
): Promise<void> {
  const headings = Object.keys(mapping);
  if (headings.length === 0) return;
  await db.query(
    `INSERT INTO import_mapping AS m (hospital_id, kind, form, heading, field, mapped_by, mapped_at)
     SELECT DISTINCT ON (form) $1::uuid, $2, form, heading, field, $6, $7::timestamptz FROM unnest($3::text[], $4::text[], $5::text[]) AS t (form, heading, field)
     ON CONFLICT (hospital_id, kind, form) DO UPDATE SET heading = excluded.heading, field = excluded.field, mapped_by = excluded.mapped_by, mapped_at = excluded.mapped_at`,
    [
      hospital.id,
      kind,
      headings.map(headingForm),
      headings,
      headings.map((heading) => mapping[heading] ?? null),
      caller.name,
      now,
    ],
  );
  await db.query(
    `DELETE FROM import_mapping WHERE hospital_id = $1 AND (kind, form) IN
       (SELECT kind, form FROM import_mapping WHERE hospital_id = $1 ORDER BY mapped_at DESC, kind, form OFFSET ${MOST_MAPPINGS})`,
    [hospital.id],
  );
}
