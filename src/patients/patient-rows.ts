import type { EntityManager } from 'typeorm';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import { sealEvents } from './event-text.js';
import type { Patient } from './patient.entity.js';

/** Inserts patients whose identities are sealed, in one statement. Returns the ids of those whose mrn and identity number were free. */
export async function insertPatients(db: EntityManager, patients: readonly Patient[]): Promise<string[]> {
  const column = (name: keyof Patient): unknown[] => patients.map((patient) => patient[name]);
  // An array of arrays would be flattened by unnest, so the terms travel as one text.
  const inserted = await db.query<{ id: string }[]>(
    `INSERT INTO patient (id, hospital_id, mrn, name, sex, birth_date, diagnosis_date, phone, responsible_nurse, department,
                          profile, liver_imaging, enrolled_on, policy_version, created_at, identity_number, planner_revision,
                          search_terms, identity_index, identity_shared, index_version, ward, care_group, distance_km,
                          undecided_since)
     SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q,
            (SELECT array_agg(decode(term, 'hex')) FROM unnest(string_to_array(r, ',')) AS term), s, t, u, v, w, x, y
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[],
                   $9::text[], $10::text[], $11::text[], $12::text[], $13::date[], $14::integer[], $15::timestamptz[],
                   $16::text[], $17::integer[], $18::text[], $19::bytea[], $20::boolean[], $21::smallint[],
                   $22::text[], $23::text[], $24::integer[], $25::date[])
         AS new (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      column('id'),
      column('hospitalId'),
      column('mrn'),
      column('name'),
      column('sex'),
      column('birthDate'),
      column('diagnosisDate'),
      column('phone'),
      column('responsibleNurse'),
      column('department'),
      column('profile'),
      column('liverImaging'),
      column('enrolledOn'),
      column('policyVersion'),
      column('createdAt'),
      column('identityNumber'),
      column('plannerRevision'),
      patients.map(({ blindIndex }) => blindIndex?.map((term) => term.toString('hex')).join(',') ?? null),
      column('identityIndex'),
      column('identityShared'),
      column('indexVersion'),
      column('ward'),
      column('group'),
      column('distanceKm'),
      column('undecidedSince'),
    ],
  );
  return inserted.map(({ id }) => id);
}

/** Seals and inserts events in one statement. */
export async function insertEvents(
  tx: Pick<HospitalTransaction, 'db' | 'keys'>,
  unsealed: readonly ClinicalEvent[],
): Promise<void> {
  const events = await sealEvents(tx, unsealed);
  const column = (name: keyof ClinicalEvent): unknown[] => events.map((event) => event[name]);
  await tx.db.query(
    `INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at, to_judge, confirmed_by,
                                 copied_from, recorded_by, result_of, seen_at, seen_by)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::jsonb[], $7::timestamptz[],
                          $8::jsonb[], $9::text[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[], $14::text[])`,
    [
      column('id'),
      column('hospitalId'),
      column('patientId'),
      column('type'),
      column('date'),
      events.map(({ detail }) => JSON.stringify(detail)),
      column('recordedAt'),
      events.map(({ toJudge }) => (toJudge === null ? null : JSON.stringify(toJudge))),
      column('confirmedBy'),
      column('copiedFrom'),
      column('recordedBy'),
      column('resultOf'),
      column('seenAt'),
      column('seenBy'),
    ],
  );
}

/** Stores what has to be judged in recorded events, in one statement. */
export async function updateReasons(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  events: readonly Pick<ClinicalEvent, 'id' | 'toJudge'>[],
): Promise<void> {
  if (events.length === 0) return;
  await db.query(
    `UPDATE clinical_event AS event SET to_judge = new.to_judge FROM unnest($2::uuid[], $3::jsonb[]) AS new (id, to_judge)
      WHERE event.hospital_id = $1 AND event.id = new.id`,
    [
      hospital.id,
      events.map(({ id }) => id),
      events.map(({ toJudge }) => (toJudge === null ? null : JSON.stringify(toJudge))),
    ],
  );
}
