import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { longestLead, rulesFor } from '../tenancy/policy/reminder-policy.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { reminderOn, type RemindedDates } from '../schedules/reminder-calendar.js';
import { isStale } from '../schedules/stale-plans.js';
import { MESSAGE_CHECKS, messageQueries } from './message-checks.js';

/** The invariants of reminders, events, webhook messages and messages to patients; each name is that of its violation. */
export const CHECKS = [
  'item-not-reminded',
  'item-without-next-reminder',
  'reminder-without-delivery',
  'event-without-delivery',
  'event-without-position',
  'position-missing',
  'sequence-missing',
  'delivery-stuck',
  'delivery-ended-silently',
  'plan-overdue',
  ...MESSAGE_CHECKS,
] as const;
export type Check = (typeof CHECKS)[number];

/** The number of violations of each check, with a few ids as examples. */
export type Findings = Readonly<
  Record<Check, { readonly count: number; readonly examples: readonly string[] }>
>;

/** How many days back the audit looks. */
export const AUDITED_DAYS = 35;

const EXAMPLES = 10;
const PAGE = 2000;

/** How long the sweep and the relay may take to deal with a change. */
export const GRACE = '5 minutes';

/**
 * Checks everything that should have been delivered in the last `days`, without the queue and the workers: reminders
 * against the dates of the items, messages against reminders and endpoints, numbers against their neighbours. Reads only.
 */
export async function auditDeliveries(tx: HospitalTransaction, days = AUDITED_DAYS): Promise<Findings> {
  const findings = { 'item-not-reminded': await notReminded(tx, days) } as Record<Check, Findings[Check]>;
  for (const check of CHECKS) {
    if (check === 'item-not-reminded') continue;
    const parameters = QUERIES[check].includes('$2') ? [tx.hospital.id, days] : [tx.hospital.id];
    const [row] = await tx.db.query<[{ count: number; examples: string[] | null }]>(
      `SELECT count(*)::integer AS count, (array_agg(id::text))[1:${EXAMPLES}] AS examples FROM (${QUERIES[check]}) AS found`,
      parameters,
    );
    findings[check] = { count: row.count, examples: row.examples ?? [] };
  }
  return findings;
}

interface Item extends RemindedDates {
  readonly id: string;
  readonly activity: string;
  readonly recorded: readonly string[];
}

/** Items without a recorded reminder of today, by the reminder calendar alone. */
async function notReminded(tx: HospitalTransaction, days: number): Promise<Findings[Check]> {
  const { reminders } = tx.hospital.policy;
  const [{ day, at, since }] = await tx.db.query<[{ day: CalendarDate; at: Date; since: CalendarDate }]>(
    `SELECT day, least(at, (day + $6::time) AT TIME ZONE $2 - $5::interval) AS at,
            greatest((at AT TIME ZONE $2)::date - $4::integer,
              CASE WHEN v.version > 1 THEN (v.created_at AT TIME ZONE $2)::date + 1 END) AS since
       FROM (SELECT at, (at AT TIME ZONE $2 - $3::interval)::date AS day FROM (SELECT $1::timestamptz - $5::interval AS at) AS s) AS sweep,
            hospital_policy v WHERE v.hospital_id = $7 AND v.version = $8`,
    [
      ...[tx.now, tx.hospital.timeZone, reminders.time, days, GRACE, reminders.until],
      ...[tx.hospital.id, tx.hospital.policyVersion],
    ],
  );
  const found: string[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const items = await tx.db.query<Item[]>(
      `SELECT i.id, i.activity, i.due, i.overdue, i.missed_on AS "missedOn",
              array(SELECT r.kind || ' ' || r.due || ' ' || r.remind_on FROM reminder r WHERE r.hospital_id = $1 AND r.item_id = i.id) AS recorded
         FROM surveillance_item i JOIN patient p ON p.hospital_id = $1 AND p.id = i.patient_id
        WHERE i.hospital_id = $1 AND i.id > $2 AND i.state = 'active' AND NOT i.before_enrolment
          AND i.due - $3::integer <= $4::date AND (i.missed_on IS NULL OR i.missed_on > $4::date)
          AND i.changed_at < $5::timestamptz AND p.replan_on IS DISTINCT FROM $4::date
          AND NOT ${isStale('p')}
        ORDER BY i.id LIMIT ${PAGE}`,
      [tx.hospital.id, after, longestLead(reminders), day, at],
    );
    for (const { id, activity, recorded, ...dates } of items) {
      const step = reminderOn(day, dates, rulesFor(reminders, activity));
      if (step && step.on >= since && !recorded.includes(`${step.kind} ${dates.due} ${step.on}`))
        found.push(id);
    }
    const last = items.at(-1);
    if (!last || items.length < PAGE) return { count: found.length, examples: found.slice(0, EXAMPLES) };
    after = last.id;
  }
}

const RECENTLY = `>= program_now() - make_interval(days => $2)`;

/** The ids of the violations in the hospital `$1`, in the last `$2` days where the query says so. */
const QUERIES: Readonly<Record<Exclude<Check, 'item-not-reminded'>, string>> = {
  ...messageQueries(GRACE),
  'item-without-next-reminder': `
    SELECT id FROM surveillance_item
     WHERE hospital_id = $1 AND state = 'active' AND NOT before_enrolment AND next_reminder_on IS NULL
       AND overdue > (program_now() AT TIME ZONE (SELECT time_zone FROM hospital WHERE id = $1))::date
       AND (missed_on IS NULL OR missed_on > overdue) AND changed_at < program_now() - interval '${GRACE}'`,
  'reminder-without-delivery': `
    SELECT r.id FROM reminder r JOIN webhook_endpoint e ON e.hospital_id = r.hospital_id AND coalesce(e.subscribed_since, e.created_at) <= r.created_at
     WHERE r.hospital_id = $1 AND r.created_at ${RECENTLY} AND r.created_at < program_now() - interval '${GRACE}' AND e.deleted_at IS NULL
       AND ('surveillance.item.' || r.kind = ANY (e.event_types) OR '*' = ANY (e.event_types))
       AND (r.digest IS NULL OR NOT e.event_types && ARRAY['surveillance.patient.digest', '*'])
       AND NOT EXISTS (SELECT FROM delivery d WHERE d.hospital_id = $1 AND d.endpoint_id = e.id AND d.reminder_id = r.id)`,
  'event-without-delivery': `
    SELECT v.id FROM surveillance_event v JOIN webhook_endpoint e ON e.hospital_id = v.hospital_id AND coalesce(e.subscribed_since, e.created_at) <= v.occurred_at
     WHERE v.hospital_id = $1 AND v.occurred_at ${RECENTLY} AND v.reminder_id IS NULL AND v.position IS NOT NULL
       AND e.deleted_at IS NULL AND (v.type = ANY (e.event_types) OR '*' = ANY (e.event_types))
       AND NOT EXISTS (SELECT FROM delivery d WHERE d.hospital_id = $1 AND d.endpoint_id = e.id AND d.event_id = v.id)`,
  'event-without-position': `
    SELECT id FROM surveillance_event
     WHERE hospital_id = $1 AND (position IS NULL AND occurred_at < program_now() - interval '${GRACE}'
        OR awaiting_relay_since < program_now() - interval '${GRACE}')`,
  'position-missing': `
    SELECT f.hospital_id AS id FROM event_feed f,
           (SELECT coalesce(max(position), 0) AS top, count(position) AS given FROM surveillance_event WHERE hospital_id = $1) AS events
     WHERE f.hospital_id = $1 AND (events.top <> f.last_position OR events.given <> f.last_position)`,
  'sequence-missing': `
    SELECT e.id FROM webhook_endpoint e LEFT JOIN LATERAL (
      SELECT coalesce(max(sequence), 0) AS top, count(DISTINCT sequence) AS given FROM delivery
       WHERE hospital_id = $1 AND endpoint_id = e.id) AS sent ON true
     WHERE e.hospital_id = $1 AND (sent.top <> e.last_sequence OR sent.given <> e.last_sequence)`,
  // A delivery that waits only for its endpoint's rate limit, while another attempt there began recently, is not
  // stuck.
  'delivery-stuck': `
    SELECT d.id FROM delivery d JOIN webhook_endpoint e ON e.hospital_id = d.hospital_id AND e.id = d.endpoint_id
     WHERE d.hospital_id = $1 AND d.state = 'pending' AND (d.next_attempt_at IS NULL OR d.next_attempt_at < program_now() - interval '${GRACE}')
       AND NOT coalesce(e.rate_limit IS NOT NULL AND d.next_attempt_at IS NOT NULL
             AND to_timestamp((e.recent_attempts->-1->>0)::float8) > program_now() - interval '${GRACE}', false)`,
  'delivery-ended-silently': `
    SELECT d.id FROM delivery d
     WHERE d.hospital_id = $1 AND d.created_at ${RECENTLY} AND CASE d.state
       WHEN 'cancelled' THEN d.cancelled_reason IS NULL
       WHEN 'exhausted' THEN d.event_type NOT LIKE 'endpoint.%'
       WHEN 'delivered' THEN NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.outcome = 'accepted')
       ELSE false END`,
  'plan-overdue': `
    SELECT p.id FROM patient p JOIN hospital h ON h.id = p.hospital_id
     WHERE p.hospital_id = $1 AND (p.replan_on < (program_now() AT TIME ZONE h.time_zone)::date
        OR p.policy_version < h.policy_version AND NOT EXISTS (SELECT FROM hospital_policy v
             WHERE v.hospital_id = h.id AND v.version = h.policy_version AND v.created_at > program_now() - interval '1 day'))`,
};
