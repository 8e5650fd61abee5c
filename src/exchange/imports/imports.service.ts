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
import { ImportReaders } from './import-readers.js';
import type { EventEntry, ImportKind, ParsedRow, RosterEntry } from './import-rows.js';
import { ImportSlots, importInProgress } from './import-slots.js';
import { type ImportResult, limitedRows, MOST_ERRORS, type RowResult } from './import-result.js';
import { validateRoster } from './roster-import.js';
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
}

export interface ImportReport {
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly counts: Readonly<Record<RowResult['result'], number>>;
  readonly plan: PlanDiff;
  readonly rows: readonly RowResult[];
  /** The number of errors that are not in `rows`. */
  readonly errorsNotShown: number;
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
        const declared = await this.scope.unaudited(({ hospital }) =>
          Promise.resolve(hospital.guideline ?? {}),
        );
        const rows = await reader.rows(options.kind, declared);
        return this.carryOut(rows, options, (tasks) => reader.plans(tasks));
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

  private carryOut(
    rows: readonly ParsedRow<unknown>[],
    options: ImportOptions,
    compute: ComputePlans,
  ): Promise<ImportReport> {
    return this.scope.transaction(async (tx) => {
      // Another process may import into the same hospital; neither validates against rows that the other has not
      // saved yet.
      const [lock] = await tx.db.query<{ free: boolean }[]>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('import ' || $1, 0)) AS free`,
        [tx.hospital.id],
      );
      if (lock?.free !== true) throw importInProgress();
      const result =
        options.kind === 'roster'
          ? await validateRoster(tx, rows as ParsedRow<RosterEntry>[], options.enrolledOn ?? tx.today)
          : await validateEvents(tx, rows as ParsedRow<EventEntry>[]);
      const counts = count(result.rows);
      const refused = counts.rejected > 0 && !options.acceptGood;
      const written = !options.dryRun && !refused;
      const plan = written
        ? await this.write(tx, result, options, compute)
        : { added: 0, moved: 0, cancelled: 0, kept: 0 };
      const report = {
        kind: options.kind,
        dryRun: options.dryRun,
        written,
        counts,
        plan,
        ...reportedRows(result.rows),
      };
      if (refused && !options.dryRun) throw rowsRejected(report);
      return report;
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

function count(rows: readonly RowResult[]): ImportReport['counts'] {
  const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0 };
  for (const { result } of rows) counts[result]++;
  return counts;
}

/** The report with its messages in `language`. */
export const reportIn = (language: Language, report: ImportReport) => ({
  ...report,
  rows: report.rows.map(({ warnings, possibleDuplicates, ...row }) => ({
    ...row,
    errors: renderFaults(row.errors, language),
    ...(warnings && { warnings: renderFaults(warnings, language) }),
    ...(possibleDuplicates && { possibleDuplicates: [...possibleDuplicates] }),
  })),
});

const registeredMeanwhile = (): DomainError =>
  new DomainError('conflict', 'changed-meanwhile', msg('changed-meanwhile'));

function reportedRows(validated: readonly RowResult[]): Pick<ImportReport, 'rows' | 'errorsNotShown'> {
  const rows = limitedRows(validated);
  return { rows, errorsNotShown: rows.reduce((sum, { errorsNotShown = 0 }) => sum + errorsNotShown, 0) };
}

function rowsRejected(report: ImportReport): DomainError {
  const faults = report.rows.flatMap(({ errors }): readonly FieldFault[] => errors);
  const { counts, errorsNotShown } = report;
  const about = { rejected: counts.rejected, rows: report.rows.length };
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
