import type { CalendarDate } from '../guideline/calendar.js';
import { CLOSING_EVENTS, LOSS_EVENT } from '../guideline/facts.js';
import { examPatterns } from '../guideline/recorded-exam.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DIALLED_CHANNELS } from '../worklist/contacts/contact-attempt.js';
import { SqlValues } from '../worklist/lists/list-statement.js';
import { itemOutcomeSql } from './item-outcome.js';
import type { Source } from './measures.js';

export interface Period {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

type Within = Pick<HospitalTransaction, 'hospital' | 'today'>;

/**
 * The rows that are counted, as SQL. Counts and the patients behind them come from the same statements, so they agree. Every
 * row has: `id, patient_id, day, measure, activity, rule, reason, delay, completed_on`, and of its patient
 * `department, person_id, nurse, stage`.
 */
export class FactSources {
  readonly values = new SqlValues();
  private readonly hospital: string;
  private readonly from: () => string;
  private readonly to: () => string;
  private readonly department: (() => string) | undefined;
  private readonly today: () => string;
  private readonly closing: () => string;

  /** `withStage`: the stage costs a look-up for each row, and is null without it. */
  constructor(
    private readonly within: Within,
    period: Period,
    private readonly withStage: boolean,
    /** Only this department's patients; undefined: all whom the caller sees. */
    department?: string,
  ) {
    this.hospital = this.values.add(within.hospital.id, 'uuid');
    this.from = this.values.whenUsed(period.from, 'date');
    this.to = this.values.whenUsed(period.to, 'date');
    if (department !== undefined) this.department = this.values.whenUsed(department, 'text');
    this.today = this.values.whenUsed(within.today, 'date');
    this.closing = this.values.whenUsed(CLOSING_EVENTS, 'text[]');
  }

  /** The rows of these sources. */
  of(sources: readonly Source[]): string {
    return sources.map((source) => `(${this[source]()})`).join(' UNION ALL ');
  }

  /** The columns about the patient `p`, and who is counted: no record that was merged into another one. */
  private about(): string {
    const stage = `(SELECT e.detail ->> 'stage' FROM clinical_event e
                     WHERE e.hospital_id = p.hospital_id AND e.patient_id = p.id AND e.voided_at IS NULL AND e.detail ? 'stage'
                     ORDER BY e.date DESC, e.recorded_at DESC, e.id DESC LIMIT 1)`;
    return `p.department, p.responsible_person_id AS person_id,
            CASE WHEN p.responsible_person_id IS NULL THEN p.responsible_nurse END AS nurse,
            ${this.withStage ? stage : 'NULL::text'} AS stage`;
  }

  private patientOf(row: string): string {
    return `JOIN patient p ON p.hospital_id = ${row}.hospital_id AND p.id = ${row}.patient_id AND ${this.counted()}`;
  }

  private counted(): string {
    return `p.merged_into IS NULL${this.department ? ` AND p.department = ${this.department()}` : ''}`;
  }

  private items(): string {
    const today = this.today();
    const open = `i.state = 'active' AND NOT i.before_enrolment`;
    const due = `i.hospital_id = ${this.hospital} AND i.due BETWEEN ${this.from()} AND ${this.to()}`;
    // Each branch has its own index; one condition would read all items of the hospital.
    const branches = [
      `${open} AND (i.overtaken_on = i.missed_on) IS NOT TRUE`,
      ...[`${open} AND i.overtaken_on = i.missed_on`, `i.state = 'completed'`].map(
        (where) => `${where} AND i.activity = ANY (${this.activities(where)})`,
      ),
    ];
    const rows = branches.map((where) => `SELECT i.* FROM surveillance_item i WHERE ${due} AND ${where}`);
    const step = 'coalesce(i.step, CASE WHEN ended.day IS NOT NULL THEN last.to_position END)';
    const outcome = itemOutcomeSql({
      ...{ item: 'i', step, endedOn: 'ended.day', today },
      stepUntil: 'coalesce(i.step_until, CASE WHEN i.step IS NULL THEN last.to_until END)',
    });
    return `
      SELECT i.id, i.patient_id, i.due AS day, ${outcome} AS measure, i.activity, i.rule,
             CASE WHEN i.state = 'active' THEN coalesce(
               nullif(${step}, 'to_book') || CASE WHEN last.to_position = ${step} AND last.reason IS NOT NULL THEN ':' || last.reason ELSE '' END,
               'no_step') END AS reason,
             i.completed_on - i.due AS delay, i.completed_on, ${this.about()}
        FROM (${rows.join(' UNION ALL ')}) AS i ${this.patientOf('i')}
        LEFT JOIN LATERAL (
          SELECT min(e.date) AS day FROM clinical_event e
           WHERE i.state = 'active' AND e.hospital_id = p.hospital_id AND e.patient_id = p.id AND e.voided_at IS NULL
             AND e.type = ANY (${this.closing()})) AS ended ON true
        LEFT JOIN LATERAL (
          SELECT s.to_position, s.to_until, s.reason FROM item_step s
           WHERE i.state = 'active' AND i.steps IS NOT NULL AND s.hospital_id = i.hospital_id AND s.patient_id = i.patient_id
             AND s.item_id = i.id AND s.undone_at IS NULL AND s.to_position <> 'completed'
           ORDER BY s.number DESC LIMIT 1) AS last ON true
       WHERE NOT i.before_enrolment`;
  }

  /** The activities of these items, by one index probe for each. */
  private activities(where: string): string {
    const probe = `SELECT i.activity FROM surveillance_item i WHERE i.hospital_id = ${this.hospital} AND ${where}`;
    const next = `ORDER BY i.activity LIMIT 1`;
    return `ARRAY(WITH RECURSIVE known AS ((${probe} ${next}) UNION ALL
      SELECT (${probe} AND i.activity > known.activity ${next}) FROM known WHERE known.activity IS NOT NULL)
      SELECT activity FROM known WHERE activity IS NOT NULL)`;
  }

  private exams(): string {
    const patterns = this.values.add(
      JSON.stringify(examPatterns(this.within.hospital.guideline ?? {})),
      'jsonb',
    );
    return `
      SELECT e.id, e.patient_id, e.date AS day, 'further_exam' AS measure, x.activity, NULL::text AS rule, NULL::text AS reason,
             NULL::integer AS delay, NULL::date AS completed_on, ${this.about()}
        FROM clinical_event e ${this.patientOf('e')}
        JOIN jsonb_to_recordset(${patterns}) AS x (activity text, event text, "isNamed" boolean, "outcomeField" text, "notDone" jsonb)
          ON x.event = e.type AND (NOT x."isNamed" OR e.detail ->> 'activity' = x.activity)
             AND coalesce(x."notDone" ? (e.detail ->> x."outcomeField"), false) IS FALSE
       WHERE e.hospital_id = ${this.hospital} AND e.voided_at IS NULL AND e.date BETWEEN ${this.from()} AND ${this.to()}
         AND e.date >= p.enrolled_on
         AND NOT EXISTS (SELECT FROM surveillance_item i WHERE i.hospital_id = e.hospital_id AND i.patient_id = e.patient_id
                            AND i.completed_by_event_id = e.id OFFSET 0)`;
  }

  private losses(): string {
    return `
      SELECT e.id, e.patient_id, e.date AS day, 'loss_recorded' AS measure, ${NOTHING}, ${this.about()}
        FROM clinical_event e ${this.patientOf('e')}
       WHERE e.hospital_id = ${this.hospital} AND e.voided_at IS NULL AND e.date BETWEEN ${this.from()} AND ${this.to()}
         AND e.type = ${this.values.add(LOSS_EVENT, 'text')}`;
  }

  private appointments(): string {
    return `
      SELECT a.id, a.patient_id, a.date AS day, 'appointment_' || coalesce(a.outcome, 'open') AS measure, ${NOTHING}, ${this.about()}
        FROM appointment a ${this.patientOf('a')}
       WHERE a.hospital_id = ${this.hospital} AND a.date BETWEEN ${this.from()} AND ${this.to()}
         AND a.outcome IS DISTINCT FROM 'withdrawn'`;
  }

  private contacts(): string {
    return this.attempts('contact', '');
  }

  private calls(): string {
    return this.attempts('call', `AND c.channel = ANY (${this.values.add(DIALLED_CHANNELS, 'text[]')})`);
  }

  private attempts(prefix: string, where: string): string {
    return `
      SELECT c.id, c.patient_id, c.contacted_on AS day, '${prefix}_' || c.outcome AS measure, ${NOTHING}, ${this.about()}
        FROM contact c ${this.patientOf('c')}
       WHERE c.hospital_id = ${this.hospital} AND c.voided_at IS NULL
         AND c.contacted_on BETWEEN ${this.from()} AND ${this.to()} ${where}`;
  }

  /** Who was registered by the end of the period, and had not left for another reason than a loss. */
  private patients(): string {
    const day = `least(${this.to()}, ${this.today()})`;
    const loss = this.values.add(LOSS_EVENT, 'text');
    return `
      SELECT p.id, p.id AS patient_id, p.enrolled_on AS day,
             CASE WHEN ended.type IS NOT NULL THEN 'patient_lost'
                  WHEN c.lost_proposed_on <= ${day} THEN 'patient_loss_proposed' ELSE 'patient_followed' END AS measure,
             ${NOTHING}, ${this.about()}
        FROM patient p
        LEFT JOIN patient_contact c ON c.hospital_id = p.hospital_id AND c.patient_id = p.id
        LEFT JOIN LATERAL (
          SELECT e.type FROM clinical_event e
           WHERE e.hospital_id = p.hospital_id AND e.patient_id = p.id AND e.voided_at IS NULL
             AND e.type = ANY (${this.closing()}) AND e.date <= ${day}
           ORDER BY (e.type = ${loss}), e.date LIMIT 1) AS ended ON true
       WHERE p.hospital_id = ${this.hospital} AND ${this.counted()} AND p.erased_at IS NULL AND p.enrolled_on <= ${day}
         AND (ended.type IS NULL OR ended.type = ${loss})`;
  }
}

/** The columns that only items and exams have. */
const NOTHING = `NULL::text AS activity, NULL::text AS rule, NULL::text AS reason, NULL::integer AS delay, NULL::date AS completed_on`;
