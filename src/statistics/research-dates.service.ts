import { Injectable } from '@nestjs/common';
import { type CalendarDate, toDayNumber, yearsBetween } from '../guideline/calendar.js';
import { CLOSING_EVENTS, WITHDRAWAL_EVENT, type ClinicalFact } from '../guideline/facts.js';
import { survivalDates, type SurvivalDates } from '../guideline/survival.js';
import { notFound } from '../platform/domain-error.js';
import { inTurns } from '../platform/turns.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../tenancy/hospital-scope.js';

/** The dates of one patient for studies. */
export interface ResearchRow {
  readonly patientId: string;
  readonly mrn: string;
  readonly pseudonym: string;
  readonly sex: string;
  readonly birthDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly dates: SurvivalDates;
}

interface StoredRow {
  readonly id: string;
  readonly mrn: string;
  readonly sex: string;
  readonly birthDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly reachedOn: CalendarDate | null;
  readonly events: readonly ClinicalFact[] | null;
}

/** Last known alive, recurrence-free and overall survival, from the recorded events and contacts. */
@Injectable()
export class ResearchDates {
  constructor(private readonly scope: HospitalScope) {}

  /** By id; one row more than `limit` when there are more. */
  async page(limit: number, after: string | undefined): Promise<ResearchRow[]> {
    return this.scope.transaction((tx) => rowsOf(tx, { limit: limit + 1, shown: limit, after }));
  }

  /** 404 for a patient whose data must not be used: who withdrew the consent, whose data was erased, or a merged record. */
  async of(patientId: string): Promise<ResearchRow> {
    return this.scope.transaction(async (tx) => {
      const [row] = await rowsOf(tx, { limit: 1, shown: 1, only: patientId });
      if (!row) throw notFound('patient', patientId);
      return row;
    });
  }
}

interface Wanted {
  readonly limit: number;
  /** So many first rows are shown to the caller, which the audit entry says. */
  readonly shown: number;
  readonly after?: string | undefined;
  readonly only?: string;
}

async function rowsOf(
  tx: HospitalTransaction,
  { limit, shown, after, only }: Wanted,
): Promise<ResearchRow[]> {
  const { db, hospital } = tx;
  const rows = await db.query<StoredRow[]>(
    `SELECT p.id, p.mrn, p.sex, p.birth_date AS "birthDate", p.diagnosis_date AS "diagnosisDate",
            (SELECT max(c.contacted_on) FROM contact c WHERE c.hospital_id = $1 AND c.patient_id = p.id
                AND c.confirms_alive AND c.voided_at IS NULL) AS "reachedOn",
            (SELECT jsonb_agg(jsonb_build_object('type', e.type, 'date', e.date, 'stage', e.detail -> 'stage', 'intent', e.detail -> 'intent'))
               FROM clinical_event e WHERE e.hospital_id = $1 AND e.patient_id = p.id AND e.voided_at IS NULL) AS events
       FROM patient p
      WHERE p.hospital_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL
        AND ($3::uuid IS NULL OR p.id > $3) AND ($4::uuid IS NULL OR p.id = $4)
        AND NOT EXISTS (SELECT FROM clinical_event w WHERE w.hospital_id = $1 AND w.patient_id = p.id
                           AND w.voided_at IS NULL AND w.type = $2)
      ORDER BY p.id LIMIT $5`,
    [hospital.id, WITHDRAWAL_EVENT, after ?? null, only ?? null, limit],
  );
  for (const { id } of rows.slice(0, shown)) notePatient(id);
  const keys = await tx.keys();
  // A file has thousands of patients, and other requests have their turns between them.
  return inTurns(rows, ({ id, reachedOn, events, ...patient }) => ({
    ...{ ...patient, patientId: id },
    pseudonym: keys.blindIndex('research', id).toString('hex').slice(0, 20),
    dates: survivalDates(
      { diagnosisDate: patient.diagnosisDate, events: events ?? [] },
      seenOn(patient.diagnosisDate, reachedOn, events ?? []),
    ),
  }));
}

/** The same rule as `knownAliveOn` of the contacts: an event that ends the follow-up says nothing about a visit. */
function seenOn(
  diagnosisDate: CalendarDate,
  reachedOn: CalendarDate | null,
  events: readonly ClinicalFact[],
): CalendarDate {
  const days = events
    .filter(({ type }) => !CLOSING_EVENTS.some((closing) => closing === type))
    .map(({ date }) => date);
  return [...days, reachedOn ?? diagnosisDate].reduce((a, b) => (a > b ? a : b), diagnosisDate);
}

/** Without dates and numbers of the hospital: days since the diagnosis, in place of days of the calendar. */
export interface PseudonymousRow {
  readonly pseudonym: string;
  readonly sex: string;
  readonly ageAtDiagnosis: number;
  readonly diagnosisYear: number;
  readonly lastKnownAliveDay: number;
  readonly overall: { readonly status: string; readonly days: number };
  readonly recurrenceFree: {
    readonly status: string;
    readonly event: string | null;
    readonly days: number;
  } | null;
}

export function pseudonymous({
  pseudonym,
  sex,
  birthDate,
  diagnosisDate,
  dates,
}: ResearchRow): PseudonymousRow {
  const { overall, recurrenceFree, lastKnownAliveOn } = dates;
  return {
    ...{ pseudonym, sex },
    // Older patients are few: the exact age could identify one.
    ageAtDiagnosis: Math.min(OLDEST, yearsBetween(birthDate, diagnosisDate)),
    diagnosisYear: Number(diagnosisDate.slice(0, 4)),
    lastKnownAliveDay: daysBetween(diagnosisDate, lastKnownAliveOn),
    overall: { status: overall.status, days: daysBetween(overall.from, overall.date) },
    recurrenceFree: recurrenceFree && {
      ...{ status: recurrenceFree.status, event: recurrenceFree.event },
      days: daysBetween(recurrenceFree.from, recurrenceFree.date),
    },
  };
}

const OLDEST = 89;

const daysBetween = (from: CalendarDate, to: CalendarDate): number => toDayNumber(to) - toDayNumber(from);
