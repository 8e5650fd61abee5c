import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** The days before a certificate's end with a warning, and the end itself. */
const WARNED_AT_DAYS = [30, 14, 7, 0] as const;

/** Which certificate: our client certificate, or the one of the endpoint's server. */
export type CertificateOf = 'us' | 'receiver';

/** The end, and the step of the last warning. */
const COLUMNS = {
  us: { until: 'certificate_until', warned: 'certificate_warned_days' },
  receiver: { until: 'receiver_certificate_until', warned: 'receiver_certificate_warned_days' },
} as const satisfies Record<CertificateOf, unknown>;

/** An endpoint with a certificate that ends within this number of days; 0: it has ended. */
export interface EndingCertificate {
  readonly id: string;
  readonly days: number;
  readonly until: Date;
}

/**
 * The hospital's endpoints with a certificate to warn about now; each step is returned once. A renewed certificate
 * resets the step to its own, and the next step is returned. So certificates that are renewed every few days cause no
 * repeated warnings.
 */
export async function newlyEnding(tx: HospitalTransaction, of: CertificateOf): Promise<EndingCertificate[]> {
  const { until, warned } = COLUMNS[of];
  const [rows] = await tx.db.query<[(EndingCertificate & { isNew: boolean })[], number]>(
    `UPDATE webhook_endpoint e SET ${warned} = reached.days
       FROM (SELECT id, ${warned} AS before, (SELECT min(step) FROM unnest($2::integer[]) AS step
                          WHERE ${until} <= program_now() + make_interval(days => step)) AS days
               FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL AND ${until} IS NOT NULL) AS reached
      WHERE e.hospital_id = $1 AND e.id = reached.id AND e.${warned} IS DISTINCT FROM reached.days
     RETURNING e.id, reached.days, e.${until} AS until,
               coalesce(reached.days < reached.before, reached.days IS NOT NULL) AS "isNew"`,
    [tx.hospital.id, WARNED_AT_DAYS],
  );
  return rows.filter(({ isNew }) => isNew);
}

/** Records the end of the certificate of the endpoint's server. */
export async function noteReceiverCertificate(
  tx: HospitalTransaction,
  endpointId: string,
  until: Date,
): Promise<void> {
  await tx.db.query(
    'UPDATE webhook_endpoint SET receiver_certificate_until = $3 WHERE hospital_id = $1 AND id = $2',
    [tx.hospital.id, endpointId, until],
  );
}
