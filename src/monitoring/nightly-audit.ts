import { Injectable, Logger } from '@nestjs/common';
import { eachHospital } from '../tenancy/each-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { TrustedClock } from '../reminders/trusted-clock.js';
import { CHECKS, auditDeliveries, type Findings, GRACE } from './delivery-audit.js';

/** The night of a hospital begins at this hour of its own clock. */
const AT_HOUR = 2;

/** Audits the deliveries of each hospital once a night, and keeps the result for the metrics and the status page. */
@Injectable()
export class NightlyAudit {
  private readonly logger = new Logger('Doctor');

  constructor(
    private readonly scope: HospitalScope,
    private readonly clock: TrustedClock,
  ) {}

  /**
   * Audits every hospital whose night has begun, while the clock is not in doubt. A failure in one hospital does not stop
   * the others; the errors are thrown at the end.
   */
  async auditDue(): Promise<void> {
    const hospitals = await this.clock.hospitals();
    await eachHospital(this.scope, hospitals, 'The delivery audit', () => this.auditTonight());
  }

  /** Audits the hospital in scope, unless tonight's audit is done or another process has begun it. */
  private async auditTonight(): Promise<void> {
    const findings = await this.scope.transaction(async (tx) =>
      (await takeTonight(tx)) ? keep(tx, await auditDeliveries(tx)) : null,
    );
    if (!findings) return;
    for (const check of CHECKS)
      if (findings[check].count > 0)
        this.logger.error(
          `Hospital ${this.scope.hospitalId}: ${check}: ${findings[check].count}, such as ${findings[check].examples.join(', ')}.`,
        );
  }
}

/**
 * Whether tonight's audit is due, and locked by this transaction. It waits until a sweep has ended within the time
 * that the audit allows for one: after an outage the sweep first records late reminders.
 */
async function takeTonight({ db, hospital }: HospitalTransaction): Promise<boolean> {
  const [row] = await db.query<[{ due: boolean }]>(
    `SELECT NOT EXISTS (SELECT FROM examination WHERE hospital_id = $1
              AND (made_at AT TIME ZONE $2 - make_interval(hours => $3))::date >= (program_now() AT TIME ZONE $2 - make_interval(hours => $3))::date)
            AND EXISTS (SELECT FROM reminder_sweep WHERE hospital_id = $1 AND swept_at > program_now() - $4::interval)
            AND pg_try_advisory_xact_lock(hashtextextended('examination ' || $1, 0)) AS due`,
    [hospital.id, hospital.timeZone, AT_HOUR, GRACE],
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
