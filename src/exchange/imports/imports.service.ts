import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { DomainError, type FieldFault, renderFaults } from '../../platform/domain-error.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import { sealIdentities } from '../../patients/identity.js';
import { insertEvents, insertPatients, updateReasons } from '../../patients/patient-rows.js';
import { Patient } from '../../patients/patient.entity.js';
import type { ComputePlans } from '../../schedules/plan-basis.js';
import { withoutEvents } from '../../schedules/plan-facts.js';
import type { PlanDiff } from '../../schedules/reconcile.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { validateEvents } from './event-import.js';
import { ImportReaders, type ReadContent } from './import-readers.js';
import type { EventEntry, ImportKind, ParsedRow, RosterEntry } from './rows/import-rows.js';
import { ImportSlots, importInProgress } from './import-slots.js';
import {
  type ImportResult,
  limitedRows,
  MOST_ERRORS,
  type RowOutcome,
  type RowResult,
} from './import-result.js';
import { rememberedMappings, rememberMappings } from './heading-mappings.js';
import { type RejectedFile, type RejectedRow, RejectedRows } from './rejected-rows.js';
import type { Answer } from './roster/answers.js';
import { headingForm } from './roster/headings.js';
import type { SheetReport, TableRow } from './roster/table-row.js';
import { validateRoster } from './roster-import.js';
import { tableResults } from './table-report.js';
import { msg, render } from '../../platform/messages/dictionary.js';

export interface ImportOptions {
  readonly kind: ImportKind;
  /** Report the result without saving anything. */
  readonly dryRun: boolean;
  /** Write the good rows although others are bad. */
  readonly acceptGood: boolean;
  /** The first day for which the hospital is responsible for new patients; default today. */
  readonly enrolledOn?: CalendarDate;
  /** Called after each batch with the number of processed patients and the total. */
  readonly onProgress?: (done: number, all: number) => void;
  /** What headings of a spreadsheet mean; null: the column is not read. */
  readonly mapping?: Readonly<Record<string, string | null>>;
  /** Answers to the questions of a preview of the same spreadsheet. */
  readonly answers?: readonly Answer[];
}

export interface ImportReport {
  /** Under which the rejected rows are kept; null: there are none. */
  readonly id: string | null;
  /** The sheets of a spreadsheet, with the meaning of their columns. */
  readonly sheets?: readonly SheetReport[];
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly counts: ImportCounts;
  readonly plan: PlanDiff;
  readonly rows: readonly RowResult[];
  /** The number of errors that are not in `rows`. */
  readonly errorsNotShown: number;
}

/** The four of every import, and the others of a spreadsheet. */
export type ImportCounts = Readonly<Record<'created' | 'updated' | 'unchanged' | 'rejected', number>> &
  Readonly<Partial<Record<RowOutcome, number>>>;

/** Passes the bytes of one file to `read`, and returns the options: the fields of a form may follow the file. */
export type ImportSource = (read: (file: AsyncIterable<Buffer>) => Promise<void>) => Promise<ImportOptions>;

// The parameters of one statement are built without a pause for other requests, so their number is limited: rows, and
// patients with a plan of about ninety items.
const ROWS = 200;
const PLANS = 40;

/** Imports rosters and events from spreadsheets. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly schedules: SchedulesService,
    private readonly slots: ImportSlots,
    private readonly readers: ImportReaders,
    private readonly rejections: RejectedRows,
  ) {}

  /**
   * Reads the file and writes it with the resulting plans, all in one transaction. If any row is bad, nothing is
   * written and the refusal (`rows-rejected`) contains the whole report, unless `acceptGood`. The same file again
   * changes nothing. Refuses (409) a second import into the hospital before it reads any of it.
   */
  async import(source: ImportSource): Promise<ImportReport> {
    return this.slots.hold(this.scope.hospitalId, () =>
      this.readers.use(async (reader) => {
        const options = await source((file) => reader.read(file));
        const { declared, how } = await this.scope.unaudited(async (tx) => ({
          declared: tx.hospital.guideline ?? {},
          how: {
            today: tx.today,
            mapping: mappingByForm(options.mapping ?? {}),
            remembered: await rememberedMappings(tx, options.kind),
            answers: options.answers ?? [],
          },
        }));
        const content = await reader.content(options.kind, declared, how);
        const report = await this.carryOut(content, options, (tasks) => reader.plans(tasks));
        const id = await this.rejections.keep(options.kind, rejectedFile(content, report.rows));
        const kept = { ...report, id };
        if (!report.written && !report.dryRun) throw rowsRejected(reported(kept));
        return reported(kept);
      }),
    );
  }

  /** The same for a file whose kind is known. */
  importFile(file: AsyncIterable<Buffer>, options: ImportOptions): Promise<ImportReport> {
    return this.import(async (read) => {
      await read(file);
      return options;
    });
  }

  private carryOut(content: ReadContent, options: ImportOptions, compute: ComputePlans): Promise<CarriedOut> {
    return this.scope.transaction(async (tx) => {
      // Another process may import into the same hospital; neither validates against rows that the other has not
      // saved yet.
      const [lock] = await tx.db.query<{ free: boolean }[]>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('import ' || $1, 0)) AS free`,
        [tx.hospital.id],
      );
      if (lock?.free !== true) throw importInProgress();
      const isTable = content.sheets.length > 0;
      const rows = isTable ? readyRows(content.tableRows) : content.rows;
      const result =
        options.kind === 'roster'
          ? await validateRoster(
              tx,
              rows as ParsedRow<RosterEntry>[],
              options.enrolledOn ?? tx.today,
              isTable ? 'ask' : 'warn',
            )
          : await validateEvents(tx, rows as ParsedRow<EventEntry>[]);
      const results = isTable ? tableResults(content.tableRows, content.sheets, result.rows) : result.rows;
      const counts = count(results, isTable);
      const refused = counts.rejected + (counts.asked ?? 0) > 0 && !options.acceptGood;
      const written = !options.dryRun && !refused;
      if (written) await rememberMappings(tx, options.kind, options.mapping ?? {});
      const plan = written
        ? await this.write(tx, result, options, compute)
        : { added: 0, moved: 0, cancelled: 0, kept: 0 };
      const { kind, dryRun } = options;
      return {
        kind,
        dryRun,
        written,
        counts,
        plan,
        rows: results,
        ...(isTable && { sheets: content.sheets }),
      };
    });
  }

  private async write(
    tx: HospitalTransaction,
    result: ImportResult,
    { onProgress }: ImportOptions,
    compute: ComputePlans,
  ): Promise<PlanDiff> {
    const { created, updated, events, assessed = [] } = result;
    for (const { id } of created) notePatient(id);
    for (const batch of batches(created, ROWS)) {
      const inserted = await insertPatients(tx.db, await sealed(tx, batch));
      if (inserted.length < batch.length) throw registeredMeanwhile();
    }
    for (const batch of batches(updated, ROWS))
      for (const patient of await sealed(tx, batch)) await updatePatient(tx, patient);
    for (const batch of batches(events, ROWS)) await insertEvents(tx, batch);
    for (const batch of batches(assessed, ROWS)) await updateReasons(tx, batch);

    const before = withoutEvents(events);
    const ids = [...new Set(events.map(({ patientId }) => patientId))];
    let total: PlanDiff = { added: 0, moved: 0, cancelled: 0, kept: 0 };
    let done = 0;
    for (const batch of batches(ids, PLANS)) {
      const patients = await tx.db.findBy(Patient, { hospitalId: tx.hospital.id, id: Any(batch) });
      const change = await this.schedules.revise(tx, patients, null, { compute, before });
      total = {
        added: total.added + change.added,
        moved: total.moved + change.moved,
        cancelled: total.cancelled + change.cancelled,
        kept: total.kept + change.kept,
      };
      done += batch.length;
      onProgress?.(done, ids.length);
    }
    return total;
  }
}

async function updatePatient({ db, hospital }: HospitalTransaction, patient: Patient): Promise<void> {
  const { id, name, phone, identityNumber, blindIndex, identityIndex, identityShared } = patient;
  const { sex, responsibleNurse, department, indexVersion } = patient;
  const identity = { name, phone, identityNumber, blindIndex, identityIndex, identityShared, indexVersion };
  const administrative = { ...identity, sex, responsibleNurse, department };
  await db.update(Patient, { id, hospitalId: hospital.id }, administrative);
}

async function sealed(tx: HospitalTransaction, patients: readonly Patient[]): Promise<Patient[]> {
  const identities = await sealIdentities(tx, patients);
  return patients.map((patient, index) => ({ ...patient, ...identities[index] }));
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/** The report before its rows are limited, without the id of the rejected rows. */
type CarriedOut = Omit<ImportReport, 'id' | 'errorsNotShown'>;

function count(rows: readonly RowResult[], isTable: boolean): ImportCounts {
  const counts: Partial<Record<RowOutcome, number>> = {
    ...{ created: 0, updated: 0, unchanged: 0, rejected: 0 },
    ...(isTable && { asked: 0, again: 0, continuation: 0, skipped: 0 }),
  };
  for (const { result } of rows) counts[result] = (counts[result] ?? 0) + 1;
  const { created = 0, updated = 0, unchanged = 0, rejected = 0 } = counts;
  return { ...counts, created, updated, unchanged, rejected };
}

const mappingByForm = (mapping: Readonly<Record<string, string | null>>): [string, string | null][] =>
  Object.entries(mapping).map(([heading, field]) => [headingForm(heading), field]);

/** The rows of a spreadsheet that can be compared with the record. */
const readyRows = (rows: readonly TableRow[]): ParsedRow<unknown>[] =>
  rows.flatMap(({ line, mrn, state, entry }) =>
    state === 'ready' && entry ? [{ line, mrn, parsed: { value: entry } }] : [],
  );

/** The rows that were not taken, as they stand in the file. */
function rejectedFile(
  { rows, headings, sheets, tableRows }: ReadContent,
  results: readonly RowResult[],
): RejectedFile {
  const isTable = sheets.length > 0;
  const cells = isTable ? tableRows.map((row) => row.cells) : rows.map((row) => row.cells ?? []);
  const rejected = results.flatMap(({ line, sheet = null, result, errors }, at): RejectedRow[] =>
    result === 'rejected' || result === 'asked'
      ? [
          {
            sheet,
            row: line,
            cells: cells[at] ?? [],
            reasons: errors.map(({ pointer, message }) => ({
              column: headingOf(sheets, sheet, pointer),
              message,
            })),
          },
        ]
      : [],
  );
  return {
    rows: rejected,
    headings: isTable
      ? Object.fromEntries(sheets.map((one) => [one.name ?? '', titlesOf(one)]))
      : { '': headings },
  };
}

/** The headings at their places; a column without a heading has none. */
function titlesOf({ columns }: SheetReport): string[] {
  const titles: string[] = [];
  for (const { index, heading } of columns) titles[index] = heading;
  return Array.from({ length: titles.length }, (_, at) => titles[at] ?? '');
}

function headingOf(sheets: readonly SheetReport[], name: string | null, pointer: string): string | null {
  const field = pointer.split('/').at(-1) ?? '';
  const columns = sheets.find((one) => one.name === name)?.columns ?? [];
  return columns.find((one) => one.field === field)?.heading ?? (/^\d+$/.test(field) ? null : field);
}

/** The report with its messages in `language`. */
export const reportIn = (language: Language, { sheets, ...report }: ImportReport) => ({
  ...report,
  ...(sheets && { sheets: sheets.map((sheet) => ({ ...sheet, columns: [...sheet.columns] })) }),
  rows: report.rows.map(({ warnings, possibleDuplicates, questions, remark, ...row }) => ({
    ...row,
    ...(remark && { remark: render(remark, language) }),
    ...(questions && {
      questions: questions.map(({ message, answers, ...question }) => ({
        ...question,
        answers: [...answers],
        message: render(message, language),
      })),
    }),
    errors: renderFaults(row.errors, language),
    ...(warnings && { warnings: renderFaults(warnings, language) }),
    ...(possibleDuplicates && { possibleDuplicates: [...possibleDuplicates] }),
  })),
});

const registeredMeanwhile = (): DomainError =>
  new DomainError('conflict', 'changed-meanwhile', msg('changed-meanwhile'));

function reported(report: CarriedOut & Pick<ImportReport, 'id'>): ImportReport {
  const rows = limitedRows(report.rows);
  return {
    ...report,
    rows,
    errorsNotShown: rows.reduce((sum, { errorsNotShown = 0 }) => sum + errorsNotShown, 0),
  };
}

function rowsRejected(report: ImportReport): DomainError {
  const faults = report.rows.flatMap(({ errors }): readonly FieldFault[] => errors);
  const { counts, errorsNotShown } = report;
  const about = { rejected: counts.rejected, rows: report.rows.length };
  if (counts.asked !== undefined) {
    const text = msg('rows-rejected-or-asked', { rejected: counts.rejected, asked: counts.asked });
    return new DomainError('invalid', 'rows-rejected', text, faults, (language) => ({
      report: reportIn(language, report),
    }));
  }
  return new DomainError(
    'invalid',
    'rows-rejected',
    errorsNotShown === 0
      ? msg('rows-rejected', about)
      : msg('rows-rejected-many', { ...about, shown: MOST_ERRORS, errors: faults.length + errorsNotShown }),
    faults,
    (language) => ({ report: reportIn(language, report) }),
  );
}
