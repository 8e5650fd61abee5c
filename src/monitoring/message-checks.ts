/** The invariants of messages to patients; each name is that of its violation. */
export const MESSAGE_CHECKS = [
  'message-not-recorded',
  'message-stuck',
  'message-unsettled',
  'message-ended-silently',
] as const;

/** How long the sweep of messages looks at a fact. */
const SWEPT_FOR = '3 days';
/** No message waits longer, by retries, quiet hours and pauses together. */
const DECIDED_WITHIN = '5 days';
/** So long a person has time to settle an uncertain message. */
const SETTLED_WITHIN = '3 days';

const isWanted = (occasion: string): string => `s.settings->'occasions'->>${occasion} = 'true'`;
const untold = (subject: string, occasion: string, aboutOn: string): string => `
  NOT EXISTS (SELECT FROM patient_message_subject m WHERE m.hospital_id = $1 AND m.subject_id = ${subject}
     AND m.occasion = ${occasion} AND m.about_on = ${aboutOn})`;
const CONSENT = (patientId: string): string => `
  CROSS JOIN LATERAL (
    SELECT decision, recorded_at FROM patient_consent c
     WHERE c.hospital_id = $1 AND c.patient_id = ${patientId} AND c.channel = s.settings->>'channel'
     ORDER BY c.ordinal DESC LIMIT 1) AS c`;

/** SQL: the ids of the violations in the hospital `$1`, in the last `$2` days where the query says so. */
export function messageQueries(grace: string): Readonly<Record<(typeof MESSAGE_CHECKS)[number], string>> {
  const since = (at: string): string => `${at} >= program_now() - make_interval(days => $2)`;
  // A sweep had this time in which consent, settings and subject asked for the message.
  const hadTime = (from: string, until: string): string =>
    `greatest(c.recorded_at, s.changed_at, ${from}) + interval '${grace}' < least(program_now(), ${until})`;
  return {
    'message-not-recorded': `
      SELECT r.id FROM message_settings s JOIN reminder r ON r.hospital_id = $1 AND r.created_at >= s.enabled_since
        JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = r.item_id
       CROSS JOIN LATERAL (SELECT CASE WHEN r.kind = 'overdue' THEN 'overdue' ELSE 'due_soon' END AS occasion) AS o
       ${CONSENT('i.patient_id')}
       WHERE s.hospital_id = $1 AND r.kind IN ('upcoming', 'due', 'overdue') AND ${since('r.created_at')} AND ${isWanted('o.occasion')}
         AND i.state = 'active' AND c.decision = 'given' AND ${untold('r.id', 'o.occasion', 'r.remind_on')}
         AND ${hadTime('r.created_at, i.changed_at', `r.created_at + interval '${SWEPT_FOR}'`)}
      UNION ALL
      SELECT a.id FROM message_settings s JOIN hospital h ON h.id = s.hospital_id JOIN appointment a ON a.hospital_id = $1
       CROSS JOIN LATERAL (SELECT a.date::timestamp AT TIME ZONE h.time_zone AS day, (a.date - 1)::timestamp AT TIME ZONE h.time_zone AS eve) AS d
       ${CONSENT('a.patient_id')}
       WHERE s.hospital_id = $1 AND s.enabled_since IS NOT NULL AND ${isWanted(`'appointment_tomorrow'`)}
         AND a.outcome IS NULL AND ${since('d.day')} AND d.eve <= program_now()
         AND c.decision = 'given' AND ${untold('a.id', `'appointment_tomorrow'`, 'a.date')} AND ${hadTime('a.changed_at, d.eve', 'd.day')}
      UNION ALL
      SELECT a.id FROM message_settings s JOIN appointment a ON a.hospital_id = $1 AND a.outcome_at >= s.enabled_since
       ${CONSENT('a.patient_id')}
       WHERE s.hospital_id = $1 AND ${isWanted(`'not_attended'`)} AND a.outcome = 'not_attended' AND ${since('a.outcome_at')}
         AND c.decision = 'given' AND ${untold('a.id', `'not_attended'`, 'a.date')}
         AND ${hadTime('a.outcome_at', `a.outcome_at + interval '${SWEPT_FOR}'`)}`,
    'message-stuck': `
      SELECT id FROM patient_message WHERE hospital_id = $1 AND state = 'pending'
         AND (next_attempt_at < program_now() - interval '${grace}' OR created_at < program_now() - interval '${DECIDED_WITHIN}')`,
    'message-unsettled': `
      SELECT id FROM patient_message
       WHERE hospital_id = $1 AND state = 'uncertain' AND uncertain_at < program_now() - interval '${SETTLED_WITHIN}'`,
    'message-ended-silently': `
      SELECT m.id FROM patient_message m WHERE m.hospital_id = $1 AND ${since('m.created_at')} AND CASE
        WHEN m.state IN ('cancelled', 'failed') THEN m.reason IS NULL
        WHEN m.state = 'sent' THEN m.settled_at IS NULL AND NOT EXISTS (
          SELECT FROM patient_message_attempt a WHERE a.hospital_id = $1 AND a.message_id = m.id AND a.outcome = 'accepted')
        WHEN m.state = 'handed_over' THEN NOT EXISTS (
          SELECT FROM surveillance_event v WHERE v.hospital_id = $1 AND v.patient_id = m.patient_id
             AND v.type = 'surveillance.patient.message' AND v.data->>'messageId' = m.id::text)
        ELSE false END`,
  };
}
