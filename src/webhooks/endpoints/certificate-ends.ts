import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** So many days before a certificate ends somebody is warned, and when it has ended. */
const WARNED_AT_DAYS = [30, 14, 7, 0] as const;

/** Whose certificate: the one that we show to an endpoint, or the one that its server shows to us. */
export type CertificateOf = 'us' | 'receiver';

/** The end, and the step that somebody was last warned of. */
const COLUMNS = {
  us: { until: 'certificate_until', warned: 'certificate_warned_days' },
  receiver: { until: 'receiver_certificate_until', warned: 'receiver_certificate_warned_days' },
} as const satisfies Record<CertificateOf, unknown>;

/** An endpoint of which a certificate ends within so many days; 0: it has ended. */
export interface EndingCertificate {
  readonly id: string;
  readonly days: number;
  readonly until: Date;
}

/**
 * Endpoints of the hospital about whose certificate somebody has to be warned now; each step is answered once. One that is
 * renewed goes back to the step where the new one stands, and is answered with the next: so of certificates that are
 * renewed every few days and never end nobody is told again and again.
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

/** Notes the end of the certificate that the endpoint's server shows. */
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
