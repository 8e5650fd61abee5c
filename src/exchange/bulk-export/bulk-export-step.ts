import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Turns } from '../../platform/turns.js';
import { PURPOSES, recordAudit, stepCall } from '../../tenancy/audit-entry.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { contextOf } from '../fhir/fhir-context.js';
import { PatientRecords } from '../fhir/patient-records.js';
import type { PatientRecord } from '../fhir/resources/patient-record.js';
import { PATIENT_RESOURCES } from '../fhir/served-resources.js';
import { type BulkExport, EXPORT_COLUMNS, partContext } from './bulk-export.js';

/** Patients of one transaction. A plan has some hundred resources, so a part stays below some megabytes. */
const PATIENTS_AT_ONCE = 25;
const FIRST_PATIENT = '00000000-0000-0000-0000-000000000000';

/** A step that fails is tried again after this time, and so many times. */
const RETRY_SECONDS = 30;
const MOST_FAILURES = 20;

const compressed = promisify(gzip);

/**
 * Exports some patients of the hospital in scope in one transaction: their resources, how far the export is, and the audit
 * entry. A killed process loses that transaction alone, and the next step begins where the last one ended.
 */
@Injectable()
export class BulkExportStep {
  constructor(
    private readonly scope: HospitalScope,
    private readonly records: PatientRecords,
  ) {}

  /** False: no export of the hospital waits, or another process works on it. */
  async next(): Promise<boolean> {
    const waiting = await this.scope.unaudited(({ db, hospital, now }) =>
      db.query<BulkExport[]>(
        `SELECT ${EXPORT_COLUMNS} FROM bulk_export WHERE hospital_id = $1 AND state = 'running' AND retry_at <= $2`,
        [hospital.id, now],
      ),
    );
    const [found] = waiting;
    if (!found) return false;
    try {
      return await this.scope.run(found.reader.caller, () =>
        this.scope.unaudited((tx) => this.step(tx, found.id)),
      );
    } catch (error) {
      await this.postpone(found.id);
      throw error;
    }
  }

  private async step(tx: HospitalTransaction, id: string): Promise<boolean> {
    const { db, hospital } = tx;
    const [locked] = await db.query<BulkExport[]>(
      `SELECT ${EXPORT_COLUMNS} FROM bulk_export WHERE hospital_id = $1 AND id = $2 AND state = 'running' FOR UPDATE SKIP LOCKED`,
      [hospital.id, id],
    );
    if (!locked) return false;
    const patients = await db.query<{ id: string }[]>(
      `SELECT id FROM patient WHERE hospital_id = $1 AND id > $2 ORDER BY id LIMIT ${PATIENTS_AT_ONCE}`,
      [hospital.id, locked.doneUntil ?? FIRST_PATIENT],
    );
    const ids = patients.map((patient) => patient.id);
    if (ids.length > 0) {
      await this.write(tx, locked, ids);
      await recordStep(tx, locked, ids);
    }
    const isLast = ids.length < PATIENTS_AT_ONCE;
    await db.query(
      `UPDATE bulk_export SET done = done + $3, done_until = coalesce($4, done_until), failures = 0,
              state = CASE WHEN $5 THEN 'finished' ELSE state END, ended_at = CASE WHEN $5 THEN $6::timestamptz END
        WHERE hospital_id = $1 AND id = $2`,
      [hospital.id, id, ids.length, ids.at(-1) ?? null, isLast, tx.now],
    );
    return true;
  }

  private async write(
    tx: HospitalTransaction,
    { id, types, since }: BulkExport,
    ids: readonly string[],
  ): Promise<void> {
    const { db, hospital } = tx;
    const wanted = PATIENT_RESOURCES.filter(({ type }) => types.includes(type));
    const read = (at: HospitalTransaction): Promise<PatientRecord[]> =>
      this.records.load(at, ids, new Set(wanted.flatMap(({ parts }) => parts)));
    // An erasure waits for the lock of this step, so all that were committed before are known to the standby.
    const records = (await this.scope.atStandby(read, db))?.value ?? (await read(tx));
    const context = contextOf(tx, hospital.language);
    const keys = await tx.keys();
    const turns = new Turns();
    for (const { type, build } of wanted) {
      const lines: string[] = [];
      for (const record of records) {
        await turns.next();
        for (const resource of build(record, context))
          if (since === null || Date.parse(resource.meta?.lastUpdated ?? '') > since.getTime())
            lines.push(`${JSON.stringify(resource)}\n`);
      }
      if (lines.length === 0) continue;
      const part = uuid();
      const content = (await compressed(lines.join(''))).toString('base64');
      await db.query(
        `INSERT INTO bulk_export_part (hospital_id, id, export_id, type, part, resources, content)
         VALUES ($1, $2, $3, $4, (SELECT count(*) FROM bulk_export_part WHERE hospital_id = $1 AND export_id = $3 AND type = $4), $5, $6)`,
        [hospital.id, part, id, type, lines.length, keys.seal(content, partContext(part))],
      );
    }
  }

  private async postpone(id: string): Promise<void> {
    await this.scope.unaudited(({ db, hospital, now }) =>
      db.query(
        `UPDATE bulk_export SET failures = failures + 1, retry_at = $3::timestamptz + make_interval(secs => ${RETRY_SECONDS}),
                state = CASE WHEN failures + 1 >= ${MOST_FAILURES} THEN 'failed' ELSE state END,
                ended_at = CASE WHEN failures + 1 >= ${MOST_FAILURES} THEN $3::timestamptz END
          WHERE hospital_id = $1 AND id = $2 AND state = 'running'`,
        [hospital.id, id, now],
      ),
    );
  }
}

/** The entry says which patients the export contains, before anything of it can be fetched. */
async function recordStep(
  { db, caller }: HospitalTransaction,
  { id, reader }: BulkExport,
  patients: readonly string[],
): Promise<void> {
  const purpose = PURPOSES.find((one) => one === reader.purpose);
  const entry = { outcome: 'done', status: null, patients, detail: { export: id } } as const;
  await recordAudit(db, caller, stepCall('GET /fhir/$export', purpose), entry);
}
