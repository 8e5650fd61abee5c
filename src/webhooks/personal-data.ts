import { HOSPITAL_ID, columnNames, columns, type TableDeclaration } from '../encryption/table-declaration.js';
import { DELIVERIES_ABOUT } from './deliveries/delivery-outbox.js';

const PROOF = 'It proves what was sent when, and names the patient by ids alone.';

export const WEBHOOKS_TABLES: readonly TableDeclaration[] = [
  {
    table: 'webhook_endpoint',
    notAboutPatients: 'Endpoints of other systems and their settings.',
    columns: columnNames(`
      id hospital_id url shown_url kind format event_types subscribed_since event_version filter reach secret
      previous_secret previous_secret_until public_key transport payload payload_key payload_key_id
      last_sequence timeouts resting_until failing_since tried_at held_reason probe_id warned_percent
      rate_limit recent_attempts heartbeat_minutes heartbeat_at identity_approved_at
      identity_approved_by identity_approval_reason certificate_until certificate_warned_days
      receiver_certificate_until receiver_certificate_warned_days created_by created_at deleted_at
    `),
    sealed: [
      { column: 'secret' },
      { column: 'secret', stored: 'previous_secret', set: (text) => `previous_secret = ${text}` },
      { column: 'transport' },
      { column: 'payload_key' },
      { column: 'url', where: `kind <> 'webhook'` },
    ],
  },
  // Before its attempts, in the workers' lock order.
  {
    table: 'delivery',
    rows: `hospital_id = $1 AND id IN (${DELIVERIES_ABOUT})`,
    newestFirst: 'created_at DESC, id DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns(
        `
        id endpoint_id reminder_id event_id event_type sequence attempts earlier_attempts delivered_at
        acknowledged_at created_at
      `,
        { kept: PROOF },
      ),
      body: { erased: 'NULL' },
      next_attempt_at: { erased: 'NULL' },
      cancelled_reason: {
        erased: `CASE WHEN state IN ('pending', 'exhausted') THEN 'patient-erased' ELSE cancelled_reason END`,
      },
      state: { erased: `CASE WHEN state IN ('pending', 'exhausted') THEN 'cancelled' ELSE state END` },
    },
    sealed: [{ column: 'body', where: `body LIKE 'sealed:%'` }],
  },
  {
    table: 'delivery_attempt',
    rows: `hospital_id = $1 AND delivery_id IN (${DELIVERIES_ABOUT})`,
    newestFirst: 'started_at DESC, delivery_id DESC, number DESC',
    columns: {
      ...HOSPITAL_ID,
      ...columns('delivery_id number started_at duration_ms outcome status', {
        kept: PROOF,
      }),
      answer: { erased: 'NULL' },
      error: { erased: 'NULL' },
    },
  },
];
