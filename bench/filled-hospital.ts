import { v7 as uuidv7 } from 'uuid';
import { hashOfToken, newTokenOf } from '../src/tenancy/tokens.js';
import type { Program } from '../src/app/program.js';
import { PLANNER_REVISION } from '../src/guideline/planner.js';
import { INDEX_VERSION, sealIdentities } from '../src/patients/identity.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { OvertakenItems } from '../src/worklist/lists/overtaken-items.js';

/** The day on which the filled hospitals are looked at. */
export const TODAY = '2026-11-01';

/** One nurse has so many patients. */
const PATIENTS_OF_NURSE = 800;
const BATCH = 5000;

/** A hospital and what its calls name. */
export interface FilledHospital {
  readonly id: string;
  /** A key with all rights. */
  readonly key: string;
  readonly patientId: string;
  /** A name that one patient has, and one patient's mrn. */
  readonly name: string;
  readonly mrn: string;
}

/** The surname of a patient: one of sixty. */
const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜',
);
export const SURNAME = SURNAMES[7] ?? '';
const nameOf = (n: number): string => `${SURNAMES[n % SURNAMES.length]}${n}`;

/** A ward, also a department and a group, that has open items and nothing of any list: one of twelve patients is there. */
export const QUIET_WARD = 'ward 1';
/** The distance of its patients in kilometres. */
export const QUIET_KM = 10;
/** A rule of the rare pathway, whose activity is frequent. */
export const RARE_RULE = 'liver_tumour_markers';

/** Patients of 39 items each, in different states, so that each list has rows. Nurses of 800 patients. */
export async function filledHospital(program: Program, patients: number): Promise<FilledHospital> {
  const hospital = await insertedHospital(program, patients);
  await program.database.asOwner((owner) => owner.query('ANALYZE patient, surveillance_item'));
  await markOvertaken(program, hospital);
  return hospital;
}

/** What the program does every day with missed items. It needs the indexes of items. */
export const markOvertaken = ({ app }: Program, { id }: FilledHospital): Promise<void> =>
  app.get(HospitalScope).run(id, () => app.get(OvertakenItems).mark());

/** The same without the marks of missed items. */
export async function insertedHospital(
  { app, database }: Program,
  patients: number,
): Promise<FilledHospital> {
  const id = uuidv7();
  const key = newTokenOf(id, 'nw_');
  await database.asOwner(async (owner) => {
    await owner.query(
      `INSERT INTO hospital SELECT (jsonb_populate_record(h, jsonb_build_object('id', $1::text, 'name', $1::text, 'code', 'b' || left(md5($1::text), 8)))).*
         FROM hospital h ORDER BY h.id LIMIT 1`,
      [id],
    );
    await owner.query(
      `INSERT INTO hospital_policy SELECT (jsonb_populate_record(v, jsonb_build_object('hospital_id', $1::text))).*
         FROM hospital_policy v WHERE v.hospital_id = (SELECT min(id::text)::uuid FROM hospital WHERE id <> $1::uuid)`,
      [id],
    );
    const hash = `\\x${hashOfToken(key).toString('hex')}`;
    await owner.query(
      `INSERT INTO api_key SELECT (jsonb_populate_record(k, jsonb_build_object('id', $1::text, 'hospital_id', $2::text, 'key_hash', $3::text))).*
         FROM api_key k LIMIT 1`,
      [uuidv7(), id, hash],
    );
    await owner.query(
      `INSERT INTO person (id, hospital_id, login, name, roles, language, created_by, created_at)
       SELECT gen_random_uuid(), $1, 'nurse-' || n, 'Nurse ' || n, '{nurse}', 'zh', 'bench', program_now() FROM generate_series(0, $2) AS n`,
      [id, Math.floor(patients / PATIENTS_OF_NURSE)],
    );
  });
  const scope = app.get(HospitalScope);
  let patientId = '';
  for (let from = 0; from < patients; from += BATCH) {
    const people = Array.from({ length: Math.min(BATCH, patients - from) }, (_, n) => ({
      ...{ id: uuidv7(), name: nameOf(from + n), phone: `138${String(from + n).padStart(8, '0')}` },
      identityNumber: null,
    }));
    patientId = people[0]?.id ?? patientId;
    const sealed = await scope.run(id, () => scope.transaction((tx) => sealIdentities(tx, people)));
    await database.asOwner((owner) =>
      owner.transaction(async (db) => {
        await db.query('SET LOCAL synchronous_commit = off');
        await db.query(PEOPLE, [
          ...[id, people.map((one) => one.id), sealed.map((one) => one.name), sealed.map((one) => one.phone)],
          sealed.map((one) => one.blindIndex?.map((term) => term.toString('hex')).join(',') ?? ''),
          ...[from, PATIENTS_OF_NURSE, INDEX_VERSION, PLANNER_REVISION],
        ]);
        for (const statement of [ITEMS, EVENTS, CONTACTS, CONSENTS])
          await db.query(statement, [id, from + 1, from + people.length]);
      }),
    );
  }
  const one = Math.floor(patients / 2);
  return { id, key, patientId, name: nameOf(one), mrn: `M${one}` };
}

/** Patients of the quiet ward, and of another one like it. */
const IS_QUIET = 'n % 6 = 1';

/** One of a thousand patients has no nurse; of one of two hundred an interval is to be decided. */
const PEOPLE = `
  INSERT INTO patient (id, hospital_id, mrn, name, phone, sex, birth_date, diagnosis_date, enrolled_on, responsible_person_id,
                       responsible_nurse, department, ward, care_group, distance_km, search_terms, index_version, planner_revision,
                       undecided_since)
  SELECT new.id, $1, 'M' || n, new.name, new.phone, 'female', '1940-01-01'::date + n * 7 % 14000,
         '2025-01-10', '2025-06-01', nurse.id, nurse.name, 'ward ' || n % 12, 'ward ' || n % 12, 'ward ' || n % 12, n % 12 * ${QUIET_KM},
         (SELECT array_agg(decode(term, 'hex')) FROM unnest(string_to_array(terms, ',')) AS term), $8, $9,
         CASE WHEN n % 200 = 3 AND NOT ${IS_QUIET} THEN '2026-06-01'::date + n % 100 END
    FROM (SELECT *, $6::integer + place::integer AS n
            FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS given (id, name, phone, terms, place)) AS new
    LEFT JOIN person nurse ON nurse.hospital_id = $1 AND nurse.login = 'nurse-' || n / $7::integer AND (n % 1000 <> 7 OR ${IS_QUIET})`;

const NUMBERED = `
  people AS (SELECT id AS patient_id, hospital_id, substr(mrn, 2)::integer AS n FROM patient
              WHERE hospital_id = $1 AND mrn = ANY (SELECT 'M' || m FROM generate_series($2::integer, $3::integer) AS m))`;

/**
 * Three activities each quarter and two a year, from a year ago to two years ahead. One of five patients misses all dates, and
 * one of seven some.
 */
const ITEMS = `
  WITH ${NUMBERED},
  dated AS (
    SELECT p.*, a.activity, k, a.every, a.late,
           '${TODAY}'::date + CASE WHEN ${IS_QUIET} THEN 120 + p.n % 200 ELSE (p.n * 37) % a.every - a.every END + k * a.every AS due,
           p.n % 5 = 0 AND NOT ${IS_QUIET} AS misses
      FROM people p
      CROSS JOIN LATERAL (VALUES ('clinical_review', 91, 28), ('tumour_markers', 91, 15), ('liver_ultrasound', 91, 15),
                                 ('ct_chest_abdomen_pelvis', 365, 61),
                                 (CASE WHEN p.n % 500 = 0 THEN 'mri_liver' ELSE 'colonoscopy' END, 365, 92)) AS a (activity, every, late)
      CROSS JOIN LATERAL generate_series(CASE WHEN a.every = 91 THEN -3 ELSE 0 END, CASE WHEN a.every = 91 THEN 7 ELSE 2 END) AS k
     WHERE a.every = 365 OR NOT ${IS_QUIET}),
  stepped AS (
    SELECT *, due <= '${TODAY}' AND NOT misses AND n % 7 < 6 AS done,
           CASE WHEN due BETWEEN '2026-10-15' AND '2026-11-20' AND (misses OR n % 7 = 6 OR due > '${TODAY}') THEN
             CASE (n / 3) % 20 WHEN 0 THEN 'booked' WHEN 1 THEN 'booked' WHEN 2 THEN 'attended' WHEN 3 THEN 'not_attended'
                               WHEN 4 THEN 'deferred' WHEN 5 THEN CASE WHEN n % 40 = 0 THEN 'declined' END END END AS step
      FROM dated)
  INSERT INTO surveillance_item (id, hospital_id, patient_id, guideline, key, pathway, rule, activity, covers, sequence, phase,
    measured_from, earliest, due, overdue, missed_on, before_enrolment, projected, deviates, state, completed_on, step, step_on, step_until,
    next_reminder_on)
  SELECT gen_random_uuid(), hospital_id, patient_id, 'crlm-cn-2025@1.1.0', 'postop_' || activity || '@2025-06-01#' || k, 'crc_postoperative',
         CASE WHEN n % 500 = 0 THEN 'liver_' ELSE 'postop_' END || activity, activity, '{}', 1, 0, due - every, due - 14, due, due + late, due + every - 14, false, false, false,
         CASE WHEN done THEN 'completed' ELSE 'active' END, CASE WHEN done THEN due END, step,
         CASE step WHEN 'booked' THEN due + 1 WHEN 'attended' THEN due - 10 WHEN 'not_attended' THEN due - 10 END,
         CASE WHEN step IN ('deferred', 'declined') THEN due + 5 END,
         CASE WHEN done THEN NULL WHEN due > '${TODAY}' THEN due WHEN due + late > '${TODAY}' THEN due + late END
    FROM stepped`;

/** The operation and the newest exam of each patient. One of fifty is not seen, one of a hundred not judged. */
const EVENTS = `
  WITH ${NUMBERED}
  INSERT INTO clinical_event (id, hospital_id, patient_id, type, date, detail, recorded_at, result_of, seen_at, seen_by, to_judge)
  SELECT gen_random_uuid(), hospital_id, patient_id, 'primary_resection', '2025-06-01', '{"site": "colon", "stage": "III"}'::jsonb,
         '2025-06-02 09:00+08'::timestamptz, NULL, NULL::timestamptz, NULL, NULL::jsonb
    FROM people
  UNION ALL
  SELECT gen_random_uuid(), hospital_id, patient_id, 'exam', '2026-08-01'::date + n % 80,
         '{"activity": "liver_ultrasound", "outcome": "normal"}', '2026-08-01 10:00+08'::timestamptz + make_interval(days => n % 90, secs => n % 30000),
         'liver_ultrasound', CASE WHEN n % 50 <> 1 OR ${IS_QUIET} THEN '2026-11-01 08:00+08'::timestamptz END, CASE WHEN n % 50 <> 1 OR ${IS_QUIET} THEN 'Chen' END,
         CASE WHEN n % 100 = 2 THEN '[{"because": "outcome", "code": "suspicious"}]'::jsonb END
    FROM people`;

/** One of twenty was contacted, and some of them rest; of one of five hundred a loss is proposed. */
const CONTACTS = `
  WITH ${NUMBERED}
  INSERT INTO patient_contact (hospital_id, patient_id, tried, failed, since_reached, last_tried_on, rests_until, known_alive_on, lost_proposed_on)
  SELECT hospital_id, patient_id, 2, 2, 2, '2026-10-28', '2026-10-29'::date + n % 7, '${TODAY}',
         CASE WHEN n % 500 = 24 THEN '2026-10-01'::date + n % 30 END
    FROM people WHERE n % 20 = 4`;

/** One of three hundred withdrew the consent to messages. */
const CONSENTS = `
  WITH ${NUMBERED}
  INSERT INTO patient_consent (id, hospital_id, patient_id, channel, decision, decided_on, author)
  SELECT gen_random_uuid(), hospital_id, patient_id, 'webhook', 'withdrawn', '2026-05-01', 'Chen' FROM people WHERE n % 300 = 5`;
