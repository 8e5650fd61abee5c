import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import { shownIdentities } from '../../patients/identity.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type DatedItem, itemsByStatus } from '../../worklist/lists/items-by-status.service.js';
import { itemsInView, type PatientOfRow, patientsInView } from '../../worklist/lists/list-rows.js';
import type { Placed } from '../../worklist/lists/list-query.js';
import { itemsOfList, type ListQuery, patientsOfList } from '../../worklist/lists/lists.service.js';
import { seenById } from '../../worklist/lists/saved-lists.service.js';
import {
  type WorklistParameters,
  type WorklistRequest,
  worklistRequest,
} from '../../worklist/lists/worklist-query.js';
import { worklistSettings } from '../../worklist/settings/worklist-settings.js';
import type { FileFormat, Sheet } from '../../platform/spreadsheets/sheet.js';
import { SheetFiles } from '../../platform/spreadsheets/sheet-files.js';
import { rosterCourses } from './roster-courses.js';
import { itemSheet, patientSheet, type SheetContext } from './worklist-columns.js';

/** More rows would hold a connection for too long. A list that is cut off would pass for a whole one, so it is refused. */
export const MOST_ROWS = 5000;

/** Rows that one statement finds. */
const PAGE = 500;

/** Rows that are read at a time. */
const BATCH = 250;

/** The parameters of the worklist that determine rows, or a saved list that holds them. */
export type ExportRequest = Omit<WorklistParameters, 'cursor' | 'limit'> & {
  readonly saved?: string | undefined;
};

export interface ExportedFile {
  readonly bytes: Buffer;
  /** Without a name of a person. */
  readonly fileName: string;
}

/** The lists of the worklist as files. */
@Injectable()
export class WorklistExports {
  constructor(
    private readonly scope: HospitalScope,
    private readonly files: SheetFiles,
  ) {}

  /** All rows of the list, in its order. Refuses (413 `export-too-large`) a list of more than `MOST_ROWS`. */
  async file(asked: ExportRequest, format: FileFormat, language: Language): Promise<ExportedFile> {
    const { sheet, name, today } = await this.scope.transaction((tx) => sheetOf(tx, asked, language));
    const bytes = await this.files.write({ sheets: [sheet], format });
    return { bytes, fileName: `${name}-${today}.${format}` };
  }
}

interface NamedSheet {
  readonly sheet: Sheet;
  readonly name: string;
  readonly today: CalendarDate;
}

async function sheetOf(
  tx: HospitalTransaction,
  { saved, ...asked }: ExportRequest,
  language: Language,
): Promise<NamedSheet> {
  const filter = saved === undefined ? asked : (await seenById(tx, saved)).query;
  const request = worklistRequest({ ...filter, limit: PAGE }, tx.caller.id);
  const context = { language, guideline: tx.hospital.guideline, today: tx.today };
  const written =
    request.kind === 'list' && request.view === 'patients'
      ? await patientRows(tx, request.query, context)
      : await itemRows(tx, await itemIds(tx, request), context);
  const title = render(msg('sheet-worklist'), language);
  const name = request.kind === 'list' ? `worklist-${request.query.list}` : 'worklist';
  return { sheet: { title, ...written }, name, today: tx.today };
}

type Written = Pick<Sheet, 'columns' | 'rows'>;

async function patientRows(
  tx: HospitalTransaction,
  query: ListQuery,
  context: SheetContext,
): Promise<Written> {
  const { lists } = await worklistSettings(tx);
  const sheet = patientSheet(context);
  const placed = await allPages<Placed>((after) => patientsOfList(tx, { ...query, after }));
  const ids = placed.map(({ patientId }) => patientId);
  const rows = await inBatches(ids, async (some) => {
    const found = await patientsInView(tx, some, query.list, lists);
    const about = await aboutPatients(tx, found);
    return found.map((row) => sheet.row({ ...row, ...about(row) }));
  });
  return { columns: sheet.headings, rows };
}

async function itemIds(tx: HospitalTransaction, { kind, query }: WorklistRequest): Promise<string[]> {
  const placed =
    kind === 'list'
      ? await allPages<Placed>((after) => itemsOfList(tx, { ...query, after }))
      : await allPages<DatedItem>((after) => itemsByStatus(tx, { ...query, after }));
  return placed.map(({ id }) => id);
}

/** Pages, because a statement for thousands of rows could exceed its time. Refuses more than `MOST_ROWS` rows. */
async function allPages<Row>(
  pageAfter: (last: Row | undefined) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await pageAfter(rows.at(-1));
    rows.push(...page);
    if (rows.length > MOST_ROWS)
      throw new DomainError('too-large', 'export-too-large', msg('export-too-large', { limit: MOST_ROWS }));
    if (page.length < PAGE) return rows;
  }
}

async function itemRows(
  tx: HospitalTransaction,
  ids: readonly string[],
  context: SheetContext,
): Promise<Written> {
  const sheet = itemSheet(context);
  const rows = await inBatches(ids, async (some) => {
    const found = await itemsInView(tx, some);
    const about = await aboutPatients(tx, found);
    return found.map((row) => sheet.row({ ...row, ...about(row) }));
  });
  return { columns: sheet.headings, rows };
}

async function aboutPatients(tx: HospitalTransaction, rows: readonly PatientOfRow[]) {
  const patients = [...new Map(rows.map(({ patient }) => [patient.id, patient])).values()];
  const identities = await shownIdentities(tx, patients);
  const courses = await rosterCourses(tx, patients);
  return ({ patient: { id } }: PatientOfRow) => ({ identity: identities.get(id), course: courses.get(id) });
}

/** Keeps the cells alone, so that the rows of a batch can be freed. */
async function inBatches(
  ids: readonly string[],
  read: (some: readonly string[]) => Promise<Sheet['rows'][number][]>,
): Promise<Sheet['rows'][number][]> {
  const rows: Sheet['rows'][number][] = [];
  for (let from = 0; from < ids.length; from += BATCH)
    rows.push(...(await read(ids.slice(from, from + BATCH))));
  return rows;
}
