import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { DomainError } from '../../platform/domain-error.js';
import type { CalendarDate } from '../../guideline/calendar.js';
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
import { type CarriedOut, count, type ImportReport, reported, rowsRejected } from './import-report.js';
import type { ImportResult } from './import-result.js';
import { type ImportRun, ImportRuns, takeImportLock } from './import-runs.js';
import { rememberedMappings, rememberMappings } from './heading-mappings.js';
import { rejectedFile } from './rejected-file.js';
import { RejectedRows } from './rejected-rows.js';
import type { Answer } from './roster/answers.js';
import { headingForm } from './roster/headings.js';
import type { TableRow } from './roster/table-row.js';
import { validateRoster } from './roster-import.js';
import { tableResults } from './table-report.js';
import { msg } from '../../platform/messages/dictionary.js';

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
    private readonly runs: ImportRuns,
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
        // A first key that the long transaction makes would keep every reader of names waiting.
        await this.scope.unaudited((tx) => tx.keys());
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
        const { id, report } = await this.carryOut(content, options, (tasks) => reader.plans(tasks));
        const kept = await this.rejections.keep(id, options.kind, rejectedFile(content, report.rows));
        const answer = reported({ ...report, id: kept });
        if (!report.written && !report.dryRun) throw rowsRejected(answer);
        return answer;
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

  private async carryOut(
    content: ReadContent,
    options: ImportOptions,
    compute: ComputePlans,
  ): Promise<{ readonly id: string; readonly report: CarriedOut }> {
    let run: ImportRun | undefined;
    try {
      return await this.scope.transaction(async (tx) => {
        // Another process may import into the same hospital; neither validates against rows that the other has not
        // saved yet.
        if (!(await takeImportLock(tx))) throw importInProgress();
        const rows = content.sheets.length > 0 ? content.tableRows.length : content.rows.length;
        run = this.runs.begin(tx, options.kind, options.dryRun, rows);
        const report = await this.inRun(tx, run, content, options, compute);
        await run.end(tx, report.written ? 'written' : options.dryRun ? 'checked' : 'refused');
        return { id: run.id, report };
      });
    } catch (error) {
      await run?.failed();
      throw error;
    } finally {
      await run?.idle();
    }
  }

  private async inRun(
    tx: HospitalTransaction,
    run: ImportRun,
    content: ReadContent,
    options: ImportOptions,
    compute: ComputePlans,
  ): Promise<CarriedOut> {
    const { kind, dryRun } = options;
    const isTable = content.sheets.length > 0;
    const rows = isTable ? readyRows(content.tableRows) : content.rows;
    const onRow = (done: number): void => run.at('checking', done, rows.length);
    const result =
      kind === 'roster'
        ? await validateRoster(tx, rows as ParsedRow<RosterEntry>[], {
            enrolledOn: options.enrolledOn ?? tx.today,
            duplicates: isTable ? 'ask' : 'warn',
            onRow,
          })
        : await validateEvents(tx, rows as ParsedRow<EventEntry>[], onRow);
    const results = isTable ? tableResults(content.tableRows, content.sheets, result.rows) : result.rows;
    const counts = count(results, isTable);
    const refused = counts.rejected + (counts.asked ?? 0) > 0 && !options.acceptGood;
    const written = !dryRun && !refused;
    if (written) await rememberMappings(tx, kind, options.mapping ?? {});
    const plan = written
      ? await this.write(tx, result, run, options, compute)
      : { added: 0, moved: 0, cancelled: 0, kept: 0 };
    return { kind, dryRun, written, counts, plan, rows: results, ...(isTable && { sheets: content.sheets }) };
  }

  private async write(
    tx: HospitalTransaction,
    result: ImportResult,
    run: ImportRun,
    { onProgress }: ImportOptions,
    compute: ComputePlans,
  ): Promise<PlanDiff> {
    const { created, updated, events, assessed = [] } = result;
    const stored = (done: number): void => run.at('writing', done, created.length + updated.length);
    stored(0);
    for (const { id } of created) notePatient(id);
    for (const [at, batch] of batches(created, ROWS).entries()) {
      const inserted = await insertPatients(tx.db, await sealed(tx, batch));
      if (inserted.length < batch.length) throw registeredMeanwhile();
      stored(at * ROWS + batch.length);
    }
    for (const [at, batch] of batches(updated, ROWS).entries()) {
      for (const patient of await sealed(tx, batch)) await updatePatient(tx, patient);
      stored(created.length + at * ROWS + batch.length);
    }
    for (const batch of batches(events, ROWS)) await insertEvents(tx, batch);
    for (const batch of batches(assessed, ROWS)) await updateReasons(tx, batch);

    const before = withoutEvents(events);
    const ids = [...new Set(events.map(({ patientId }) => patientId))];
    let total: PlanDiff = { added: 0, moved: 0, cancelled: 0, kept: 0 };
    let done = 0;
    run.at('planning', done, ids.length);
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
      run.at('planning', done, ids.length);
      onProgress?.(done, ids.length);
    }
    return total;
  }
}

async function updatePatient({ db, hospital }: HospitalTransaction, patient: Patient): Promise<void> {
  const { id, name, phone, identityNumber, blindIndex, identityIndex, identityShared } = patient;
  const { sex, responsibleNurse, department, ward, group, distanceKm, indexVersion } = patient;
  const identity = { name, phone, identityNumber, blindIndex, identityIndex, identityShared, indexVersion };
  const administrative = { ...identity, sex, responsibleNurse, department, ward, group, distanceKm };
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

const mappingByForm = (mapping: Readonly<Record<string, string | null>>): [string, string | null][] =>
  Object.entries(mapping).map(([heading, field]) => [headingForm(heading), field]);

/** The rows of a spreadsheet that can be compared with the record. */
const readyRows = (rows: readonly TableRow[]): ParsedRow<unknown>[] =>
  rows.flatMap(({ line, mrn, state, entry }) =>
    state === 'ready' && entry ? [{ line, mrn, parsed: { value: entry } }] : [],
  );

const registeredMeanwhile = (): DomainError =>
  new DomainError('conflict', 'changed-meanwhile', msg('changed-meanwhile'));
