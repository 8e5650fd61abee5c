import { Injectable } from '@nestjs/common';
import type { Language } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { notFound } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { Sheet } from '../../platform/spreadsheets/sheet.js';
import { SheetFiles } from '../../platform/spreadsheets/sheet-files.js';
import { isLimited } from '../../tenancy/caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import type { ImportKind } from './rows/import-rows.js';

/** A row that an import did not take, as written, and why. */
export interface RejectedRow {
  readonly sheet: string | null;
  readonly row: number;
  readonly cells: readonly string[];
  readonly reasons: readonly { readonly column: string | null; readonly message: Message }[];
}

export interface RejectedFile {
  readonly headings: Readonly<Record<string, readonly string[]>>;
  readonly rows: readonly RejectedRow[];
}

/** How long rejected rows are kept, and for how many imports of one hospital. */
export const REJECTED_KEPT = { days: 7, files: 20 } as const;

const MOST_CHARACTERS = 4_000_000;

/** The rows that imports did not take, sealed, for a week. */
@Injectable()
export class RejectedRows {
  constructor(
    private readonly scope: HospitalScope,
    private readonly files: SheetFiles,
  ) {}

  /** Keeps the rows under the id of the import; null: there are none. */
  async keep(id: string, kind: ImportKind, file: RejectedFile): Promise<string | null> {
    if (file.rows.length === 0) return null;
    await this.scope.unaudited(async (tx) => {
      const content = (await tx.keys()).seal(JSON.stringify(bounded(file)), contentOf(id));
      await tx.db.query(
        `WITH old AS (DELETE FROM import_rejection WHERE hospital_id = $1 AND (created_at < $6::timestamptz - interval '${REJECTED_KEPT.days} days'
           OR id IN (SELECT id FROM import_rejection WHERE hospital_id = $1 ORDER BY created_at DESC OFFSET ${REJECTED_KEPT.files - 1})))
         INSERT INTO import_rejection (hospital_id, id, kind, caller_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
        [tx.hospital.id, id, kind, tx.caller.id, content, tx.now],
      );
    });
    return id;
  }

  /**
   * The rows as a workbook, with the reason beside each. A caller who sees some patients only gets the rows of the
   * caller's own imports.
   */
  async workbook(id: string, language: Language): Promise<Buffer> {
    const file = await this.scope.transaction(async (tx) => {
      const [row] = await tx.db.query<{ content: string | null }[]>(
        `SELECT content FROM import_rejection
          WHERE hospital_id = $1 AND id = $2 AND created_at >= $3::timestamptz - interval '${REJECTED_KEPT.days} days' AND (NOT $4 OR caller_id = $5)`,
        [tx.hospital.id, id, tx.now, isLimited(tx.caller), tx.caller.id],
      );
      if (!row?.content) throw notFound('import-file', id);
      return JSON.parse((await tx.keys([row.content])).open(row.content, contentOf(id))) as RejectedFile;
    });
    return this.files.write({ sheets: sheetsOf(file, language), format: 'xlsx' });
  }
}

const contentOf = (id: string) => ({ table: 'import_rejection', column: 'content', row: id });

/** The first rows, as many as are kept. */
function bounded({ headings, rows }: RejectedFile): RejectedFile {
  let left = MOST_CHARACTERS;
  return {
    headings,
    rows: rows.filter((row) => {
      left -= JSON.stringify(row).length;
      return left > 0;
    }),
  };
}

/** Every cell is a text, so that nothing of the file becomes a formula. */
function sheetsOf({ headings, rows }: RejectedFile, language: Language): readonly [Sheet, ...Sheet[]] {
  const names = [...new Set(rows.map(({ sheet }) => sheet))];
  const reasonOf = ({ reasons }: RejectedRow): string =>
    reasons
      .map(({ column, message }) => (column === null ? '' : `${column}: `) + render(message, language))
      .join('\n');
  const sheetOf = (name: string | null): Sheet => {
    const titles = headings[name ?? ''] ?? [];
    const added = [msg('rejected-reason-title'), msg('rejected-row-title')];
    return {
      title: name ?? render(msg('rejected-sheet-title'), language),
      columns: [...titles, ...added.map((title) => render(title, language))].map((heading) => ({ heading })),
      rows: rows
        .filter(({ sheet }) => sheet === name)
        .map((one) => [...titles.map((_, at) => one.cells[at] ?? ''), reasonOf(one), String(one.row)]),
    };
  };
  const [first = null, ...others] = names;
  return [sheetOf(first), ...others.map(sheetOf)];
}
