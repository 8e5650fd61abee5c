import type { HospitalTransaction } from '../access/hospital-scope.js';

/** So many days before a certificate of ours ends somebody is warned, and when it has ended. */
const WARNED_AT_DAYS = [30, 14, 7, 0] as const;

/** An endpoint that is shown a certificate which ends within so many days; 0: it has ended. */
export interface EndingCertificate {
  readonly id: string;
  readonly days: number;
  readonly until: Date;
}

/** Endpoints of the hospital about whose certificate somebody has to be warned now; each step is answered once. */
export async function newlyEnding(tx: HospitalTransaction): Promise<EndingCertificate[]> {
  const [rows] = await tx.db.query<[EndingCertificate[], number]>(
    `UPDATE webhook_endpoint e SET certificate_warned_days = reached.days
       FROM (SELECT id, (SELECT min(step) FROM unnest($2::integer[]) AS step
                          WHERE certificate_until <= program_now() + make_interval(days => step)) AS days
               FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL AND certificate_until IS NOT NULL) AS reached
      WHERE e.hospital_id = $1 AND e.id = reached.id
        AND (e.certificate_warned_days IS NULL OR reached.days < e.certificate_warned_days)
        AND reached.days IS NOT NULL
     RETURNING e.id, e.certificate_warned_days AS days, e.certificate_until AS until`,
    [tx.hospital.id, WARNED_AT_DAYS],
  );
  return rows;
}
