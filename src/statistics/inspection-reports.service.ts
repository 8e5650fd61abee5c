import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { addDays, addMonths, type CalendarDate } from '../guideline/calendar.js';
import { DomainError, invalid, notFound } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { canonical, recordAudit, sha256, stepCall } from '../tenancy/audit-entry.js';
import { authorOf } from '../tenancy/author.js';
import { isLimited } from '../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { activityTitle } from './adherence.service.js';
import { liveCells, storedCells } from './cells.js';
import { type InspectionContent, inspectionContent } from './inspection-content.js';
import { type SealCheck, sealOf } from './report-seal.js';

export interface InspectionReport {
  readonly id: string;
  /** null: the whole hospital. */
  readonly department: string | null;
  /** The first day of the month. */
  readonly month: CalendarDate;
  readonly content: InspectionContent;
  /** In hexadecimal: of all other fields. */
  readonly digest: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface NewReport {
  readonly month: CalendarDate;
  readonly department: string | null;
  readonly author: string | undefined;
}

/** The step in the audit trail where no request creates the report. */
const REPORT_STEP = 'inspection report';

/** Reports of one department and month: a wrong one is followed by another, because none is changed. */
const MOST_OF_A_MONTH = 20;

const COLUMNS = `id, department, month, content, encode(digest, 'hex') AS digest, created_by AS "createdBy", created_at AS "createdAt"`;

/** Reports for inspections: computed once, stored, and held by the audit chain. */
@Injectable()
export class InspectionReports {
  constructor(private readonly scope: HospitalScope) {}

  /**
   * Counts now, or takes the nightly figures of a large hospital, and stores the report with its digest in the audit trail: all
   * of it, or nothing.
   */
  async create({ month, department, author }: NewReport): Promise<InspectionReport> {
    return this.scope.transaction(async (tx) => {
      refuseBeyondScope(tx, department);
      if (month > tx.today)
        throw invalid('invalid-input', msg('invalid-input'), [
          {
            pointer: '/month',
            code: 'date-in-future',
            message: msg('report-in-future', { today: tx.today }),
          },
        ]);
      await refuseUnknownDepartment(tx, department);
      await refuseTooMany(tx, month, department);
      const period = { from: month, to: addDays(addMonths(month, 1), -1) };
      const only = department ?? undefined;
      const stored = await storedCells(tx, period, 'activity', only);
      const cells = stored?.cells ?? (await liveCells(tx, period, 'activity', { department: only }));
      const content = inspectionContent(cells, {
        ...{ ...period, asOf: stored?.computedOn ?? tx.today, hospital: await nameOf(tx) },
        titleOf: (activity) => ({
          zh: activityTitle(activity, tx.hospital.guideline, 'zh') ?? activity,
          en: activityTitle(activity, tx.hospital.guideline, 'en') ?? activity,
        }),
      });
      const report = {
        ...{ id: uuidv7(), department, month, content },
        ...{ createdBy: authorOf(tx.caller, author), createdAt: tx.now },
      };
      const digest = digestOfReport(tx.hospital.id, report);
      await tx.db.query(
        `INSERT INTO inspection_report (id, hospital_id, department, month, content, digest, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[report.id, tx.hospital.id, department, month, JSON.stringify(content), digest],
          ...[report.createdBy, report.createdAt],
        ],
      );
      await recordAudit(tx.db, tx.caller, this.scope.auditedCall ?? stepCall(REPORT_STEP), {
        ...{ outcome: 'done', status: null, patients: [] },
        detail: { report: report.id, digest: digest.toString('hex') },
      });
      return { ...report, digest: digest.toString('hex') };
    });
  }

  /** The newest month first; one row more than `limit` when there are more. */
  async list(limit: number, after: readonly [string, string] | undefined): Promise<InspectionReport[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.query<InspectionReport[]>(
        `SELECT ${COLUMNS} FROM inspection_report
          WHERE hospital_id = $1 AND ($2::date IS NULL OR (month, id) < ($2, $3::uuid))
          ORDER BY month DESC, id DESC LIMIT $4`,
        [hospital.id, ...(after ?? [null, null]), limit + 1],
      ),
    );
  }

  async get(id: string): Promise<InspectionReport> {
    return this.scope.transaction((tx) => reportOf(tx, id));
  }

  /** Whether the stored report is the one that was created, by its digest, the audit entry and the seal. */
  async verify(id: string): Promise<SealCheck & { readonly contentUnchanged: boolean }> {
    return this.scope.transaction(async (tx) => {
      const report = await reportOf(tx, id);
      const digest = digestOfReport(tx.hospital.id, report).toString('hex');
      const seal = await sealOf(tx, { id, digest, from: report.createdAt });
      return { ...seal, contentUnchanged: digest === report.digest };
    });
  }
}

async function reportOf({ db, hospital }: HospitalTransaction, id: string): Promise<InspectionReport> {
  const [report] = await db.query<InspectionReport[]>(
    `SELECT ${COLUMNS} FROM inspection_report WHERE hospital_id = $1 AND id = $2`,
    [hospital.id, id],
  );
  if (!report) throw notFound('inspection-report', id);
  return report;
}

/** Of every field, in canonical JSON, so that the order of members and the database's form have no effect. */
const digestOfReport = (
  hospitalId: string,
  { id, department, month, content, createdBy, createdAt }: Omit<InspectionReport, 'digest'>,
): Buffer =>
  sha256(
    canonical({ hospitalId, id, department, month, content, createdBy, createdAt: createdAt.toISOString() }),
  );

/** Refuses (403) a report that counts patients whom the caller does not see. */
function refuseBeyondScope({ caller }: HospitalTransaction, department: string | null): void {
  const { ownOnly, departments } = caller.patientScope;
  if (!isLimited(caller) || (!ownOnly && department !== null && departments?.includes(department))) return;
  throw new DomainError('forbidden', 'report-beyond-scope', msg('report-beyond-scope'));
}

async function refuseUnknownDepartment(
  { db, hospital }: HospitalTransaction,
  department: string | null,
): Promise<void> {
  if (department === null) return;
  const rows = await db.query<unknown[]>(
    'SELECT FROM patient WHERE hospital_id = $1 AND department = $2 LIMIT 1',
    [hospital.id, department],
  );
  if (rows.length > 0) return;
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/department', code: 'unknown-department', message: msg('unknown-department') },
  ]);
}

async function refuseTooMany(
  { db, hospital }: HospitalTransaction,
  month: CalendarDate,
  department: string | null,
): Promise<void> {
  const [{ count }] = await db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM inspection_report
      WHERE hospital_id = $1 AND month = $2 AND department IS NOT DISTINCT FROM $3`,
    [hospital.id, month, department],
  );
  if (count >= MOST_OF_A_MONTH)
    throw new DomainError(
      'conflict',
      'too-many-reports',
      msg('too-many-reports', { limit: MOST_OF_A_MONTH }),
    );
}

async function nameOf({ db, hospital }: HospitalTransaction): Promise<string> {
  const [row] = await db.query<{ name: string }[]>('SELECT name FROM hospital WHERE id = $1', [hospital.id]);
  return row?.name ?? '';
}
