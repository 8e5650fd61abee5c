import { Injectable, Logger } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { CHECKS, examine, type Findings } from './delivery-audit.js';

/** A hospital's night begins for it at this hour of its own clock. */
const AT_HOUR = 2;

/** Examines each hospital once a night, and keeps what was found for the metrics and the status page. */
@Injectable()
export class NightlyExamination {
  private readonly logger = new Logger('Doctor');

  constructor(private readonly scope: HospitalScope) {}

  /** For the hospital in scope, if its night has come and no other process has begun. */
  async examineNightly(): Promise<void> {
    const findings = await this.scope.transaction(async (tx) =>
      (await takeTonight(tx)) ? keep(tx, await examine(tx)) : null,
    );
    if (!findings) return;
    for (const check of CHECKS)
      if (findings[check].count > 0)
        this.logger.error(
          `Hospital ${this.scope.hospitalId}: ${check}: ${findings[check].count}, such as ${findings[check].examples.join(', ')}.`,
        );
  }
}

/** Whether tonight's examination is still to be made, and is this transaction's to make. */
async function takeTonight({ db, hospital }: HospitalTransaction): Promise<boolean> {
  const [row] = await db.query<[{ due: boolean }]>(
    `SELECT NOT EXISTS (SELECT FROM examination WHERE hospital_id = $1
              AND (made_at AT TIME ZONE $2 - make_interval(hours => $3))::date >= (program_now() AT TIME ZONE $2 - make_interval(hours => $3))::date)
            AND pg_try_advisory_xact_lock(hashtextextended('examination ' || $1, 0)) AS due`,
    [hospital.id, hospital.timeZone, AT_HOUR],
  );
  return row.due;
}

async function keep({ db, hospital, now }: HospitalTransaction, findings: Findings): Promise<Findings> {
  const violations = Object.fromEntries(CHECKS.map((check) => [check, findings[check].count]));
  await db.query(
    `INSERT INTO examination (hospital_id, made_at, violations) VALUES ($1, $2, $3)
     ON CONFLICT (hospital_id) DO UPDATE SET made_at = excluded.made_at, violations = excluded.violations`,
    [hospital.id, now, violations],
  );
  return findings;
}
