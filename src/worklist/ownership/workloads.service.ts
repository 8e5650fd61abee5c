import { Injectable } from '@nestjs/common';
import { notFound } from '../../platform/domain-error.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { canOwn, type Staff, type StaffMember } from './owners.js';
import { ownedBy, unowned } from './owned-patients.js';
import { staffOf } from './staff-rows.js';

/** What one person of the hospital is responsible for. */
export interface Workload {
  readonly person: StaffMember;
  /** Patients for whom the person is the responsible nurse. */
  readonly patients: number;
  /** Patients for whom the person was named for a duty. */
  readonly named: number;
  /** Who works for the person today, about all patients that were not handed over singly; null: the person. */
  readonly standIn: { readonly id: string; readonly until: string } | null;
  /** For whom the person works today. */
  readonly coveredPeople: readonly string[];
}

/** Open items of one activity that a person owns today. */
export interface OwnedItems {
  readonly activity: string;
  readonly overdue: number;
  readonly due: number;
  /** Due within the next seven days. */
  readonly comingWeek: number;
}

export interface OwnWorkload extends Workload {
  readonly owned: number;
  readonly items: readonly OwnedItems[];
}

/** The most unowned patients that are counted; more are reported as this number. */
export const MOST_COUNTED = 1000;

/** How many patients with open items only the last resort owns, `MOST_COUNTED` at most. */
export async function countUnowned(tx: HospitalTransaction): Promise<number> {
  const { condition, parameters } = unowned(await staffOf(tx), tx.today);
  const values: unknown[] = [];
  const bind = (name: string): string => {
    values.push(parameters[name]);
    return `$${values.length}`;
  };
  const counted = `SELECT FROM patient p WHERE p.hospital_id = current_hospital() AND ${condition('p', bind)} LIMIT ${MOST_COUNTED}`;
  const [{ count }] = await tx.db.query<[{ count: number }]>(
    `SELECT count(*)::integer AS count FROM (${counted}) AS unowned`,
    values,
  );
  return count;
}

/** Who has how many patients. */
@Injectable()
export class Workloads {
  constructor(private readonly scope: HospitalScope) {}

  /** Everybody who has patients or could have some, by name; and how many patients have no owner of their own. */
  async all(): Promise<{
    readonly staff: Staff;
    readonly workloads: readonly Workload[];
    readonly unowned: number;
  }> {
    return this.scope.transaction(async (tx) => {
      const staff = await staffOf(tx);
      const counts = await countsOf(tx);
      const workloads = staff.people
        .map((person) => workloadOf(staff, person, counts))
        .filter(({ person, patients, named }) => person.active || patients + named > 0)
        .sort((a, b) => (a.person.name < b.person.name ? -1 : 1));
      return { staff, workloads, unowned: await countUnowned(tx) };
    });
  }

  /** Everybody who can own patients today, by name. */
  async people(): Promise<readonly StaffMember[]> {
    return this.scope.transaction(async (tx) =>
      (await staffOf(tx)).people.filter(canOwn).sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  }

  /** The workload of one person, with the open items that the person owns today, handovers included. */
  async of(personId: string): Promise<{ readonly staff: Staff; readonly workload: OwnWorkload }> {
    return this.scope.transaction(async (tx) => {
      const staff = await staffOf(tx);
      const person = staff.person(personId);
      if (!person) throw notFound('person', personId);
      const { condition, parameters } = ownedBy(staff, personId);
      const values: unknown[] = [tx.today];
      const bind = (name: string): string => {
        values.push(parameters[name]);
        return `$${values.length}`;
      };
      const owned = `SELECT p.id FROM patient p WHERE p.hospital_id = current_hospital() AND p.merged_into IS NULL
                        AND p.erased_at IS NULL AND ${condition('p', bind)}`;
      const rows = await tx.db.query<
        (Omit<OwnedItems, 'activity'> & { activity: string | null; owned: number })[]
      >(
        `WITH owned AS MATERIALIZED (${owned})
         SELECT (SELECT count(*)::integer FROM owned) AS owned, counted.* FROM (SELECT) AS once
           LEFT JOIN (
             SELECT i.activity, count(*) FILTER (WHERE i.overdue <= $1)::integer AS overdue,
                    count(*) FILTER (WHERE i.due <= $1 AND i.overdue > $1)::integer AS due,
                    count(*) FILTER (WHERE i.due > $1)::integer AS "comingWeek"
               FROM owned JOIN surveillance_item i ON i.hospital_id = current_hospital() AND i.patient_id = owned.id
              WHERE i.state = 'active' AND NOT i.before_enrolment AND (i.missed_on IS NULL OR i.missed_on > $1)
                AND i.due <= $1::date + 7
              GROUP BY 1) AS counted ON true
          ORDER BY activity`,
        values,
      );
      const items = rows.flatMap(({ activity, overdue, due, comingWeek }) =>
        activity === null ? [] : [{ activity, overdue, due, comingWeek }],
      );
      const workload = workloadOf(staff, person, await countsOf(tx));
      return { staff, workload: { ...workload, owned: rows[0]?.owned ?? 0, items } };
    });
  }
}

type Counts = ReadonlyMap<string, { readonly patients: number; readonly named: number }>;

async function countsOf({ db, hospital }: HospitalTransaction): Promise<Counts> {
  const rows = await db.query<{ id: string; patients: number; named: number }[]>(
    `SELECT id, sum(patients)::integer AS patients, sum(named)::integer AS named FROM (
       SELECT responsible_person_id AS id, count(*) AS patients, 0 AS named FROM patient
        WHERE hospital_id = $1 AND responsible_person_id IS NOT NULL AND merged_into IS NULL AND erased_at IS NULL GROUP BY 1
       UNION ALL
       SELECT person_id, 0, count(DISTINCT patient_id) FROM patient_owner WHERE hospital_id = $1 GROUP BY 1) AS counted
      GROUP BY 1`,
    [hospital.id],
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}

function workloadOf(staff: Staff, person: StaffMember, counts: Counts): Workload {
  const { patients = 0, named = 0 } = counts.get(person.id) ?? {};
  const { person: standIn, until } = staff.standInFor(person.id);
  const from = new Set(staff.handovers.filter(({ to }) => to === person.id).map((one) => one.from));
  return {
    ...{ person, patients, named, coveredPeople: [...from] },
    standIn: standIn === null || standIn === person.id || until === null ? null : { id: standIn, until },
  };
}
