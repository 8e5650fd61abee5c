import type { CalendarDate } from '../../guideline/calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  canOwn,
  DUTIES,
  type Duty,
  type OwnedPatient,
  type Ownership,
  type Staff,
  type StaffMember,
} from './owners.js';
import { namedOwners, staffOf } from './staff-rows.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'today' | 'now' | 'caller'>;

/** Answers who owns a duty of one of the loaded patients, for an activity; null: for all without an owner of their own. */
export type OwnersOf = (patient: OwnedPatient, activity: string | null, duty: Duty) => Ownership;

/** The owners of these patients today; three queries, however many patients and items. */
export async function ownersOf(tx: Within, patients: readonly OwnedPatient[]): Promise<OwnersOf> {
  const staff = await staffOf(tx);
  const named = await namedOwners(
    tx,
    patients.map(({ id }) => id),
  );
  return (patient, activity, duty) => staff.ownerOf(patient, named.get(patient.id) ?? [], { activity, duty });
}

/** An SQL condition about a row of `patient`, and the values of its named parameters. */
export interface PatientCondition {
  /** `patient` is the alias of the row, `bind` writes a parameter: `:name` unless given, for TypeORM. */
  readonly condition: (patient: string, bind?: (name: string) => string) => string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const BY_NAME = (name: string): string => `:${name}`;

/** In place of a person where handovers lead in a circle. */
const NO_PERSON = '00000000-0000-0000-0000-000000000000';

/**
 * The patients of whom the person owns a duty today, for any activity: named for it, responsible, or as the last resort,
 * handovers included. The same rule as `Staff.ownerOf`, by the indexes of responsible person and named owner.
 */
export function ownedBy(staff: Staff, personId: string, duties: readonly Duty[] = DUTIES): PatientCondition {
  const owner = staff.person(personId);
  if (!owner || !canOwn(owner)) return { condition: () => 'false', parameters: {} };
  const pairs = standInPairs(staff);
  const resort = lastResortOf(staff, owner);
  return {
    parameters: {
      ...commonParameters(staff, pairs, duties),
      ownerId: personId,
      ownerDepartments: owner.departments,
      ownerFrom: leadingTo(pairs, personId, staff),
      ...resort,
    },
    condition: (patient, bind = BY_NAME) => {
      const sql = new OwnershipSql('owned', bind);
      const id = `${bind('ownerId')}::uuid`;
      const sees = owner.ownPatientsOnly
        ? `owned.responsible_person_id = ${id}`
        : `(owned.responsible_person_id = ${id} OR ${bind('ownerDepartments')}::text[] IS NULL
            OR owned.department IS NULL OR owned.department = ANY (${bind('ownerDepartments')}::text[]))`;
      // Each branch by its own index, once: one condition with OR would read all patients, and IN may ask for each of them.
      return `${patient}.id = ANY (ARRAY(
        SELECT owned.id FROM patient_owner o JOIN patient owned ON owned.hospital_id = o.hospital_id AND owned.id = o.patient_id
         WHERE o.hospital_id = current_hospital() AND o.person_id = ANY (${bind('ownerFrom')}::uuid[])
           AND o.duty = ANY (${bind('ownedDuties')}::text[]) AND ${sql.standIn('o.person_id')} = ${id} AND ${sees}
        UNION ALL
        SELECT owned.id FROM patient owned
         WHERE owned.hospital_id = current_hospital() AND owned.responsible_person_id = ANY (${bind('ownerFrom')}::uuid[])
           AND ${sql.standIn('owned.responsible_person_id')} = ${id} AND ${sees} AND NOT ${sql.allNamed}
        UNION ALL
        SELECT owned.id FROM patient owned
         WHERE owned.hospital_id = current_hospital() AND ${sql.withoutResponsible} AND NOT ${sql.allNamed}
           AND (owned.department = ANY (${bind('resortDepartments')}::text[])
                OR ${bind('resortNone')}::boolean AND owned.department IS NULL
                OR ${bind('resortOthers')}::boolean AND owned.department <> ALL (${bind('knownDepartments')}::text[]))))`;
    },
  };
}

/**
 * The patients with open items but without an owner of their own today. Their items belong to the head nurses, else to the
 * nurses, or to no one.
 */
export function unowned(staff: Staff, today: CalendarDate): PatientCondition {
  return {
    parameters: { ...commonParameters(staff, standInPairs(staff), DUTIES), ownedOn: today },
    condition: (patient, bind = BY_NAME) => {
      const sql = new OwnershipSql(patient, bind);
      return `(${patient}.merged_into IS NULL AND ${patient}.erased_at IS NULL AND ${sql.withoutResponsible}
        AND NOT ${sql.allNamed}
        AND EXISTS (SELECT FROM surveillance_item i WHERE i.hospital_id = current_hospital() AND i.patient_id = ${patient}.id
                       AND i.state = 'active' AND NOT i.before_enrolment
                       AND (i.missed_on > ${bind('ownedOn')}::date OR i.missed_on IS NULL)))`;
    },
  };
}

/** The parts of the conditions. Each asks for the stand-in first, as `Staff.standInFor` does. */
class OwnershipSql {
  constructor(
    private readonly patient: string,
    private readonly bind: (name: string) => string,
  ) {}

  standIn(person: string): string {
    const { patient, bind } = this;
    return `coalesce(${bind('singleStandIns')}::jsonb ->> (${person} || ' ' || ${patient}.id),
                     ${bind('generalStandIns')}::jsonb ->> ${person}::text, ${person}::text)::uuid`;
  }

  /** Whether the person, or who stands in, can own the patient. */
  private canOwn(person: string): string {
    const { patient, bind } = this;
    return `(${this.standIn(person)} = ANY (${bind('ableToOwn')}::uuid[]) AND EXISTS (SELECT FROM person w
      WHERE w.hospital_id = current_hospital() AND w.id = ${this.standIn(person)}
        AND (w.id = ${patient}.responsible_person_id OR NOT w.own_patients_only AND (w.departments IS NULL
             OR ${patient}.department IS NULL OR ${patient}.department = ANY (w.departments)))))`;
  }

  /** Whether each of the duties has a named owner who can own it. */
  get allNamed(): string {
    const { patient, bind } = this;
    return `((SELECT count(*) FROM patient_owner o
       WHERE o.hospital_id = current_hospital() AND o.patient_id = ${patient}.id AND o.activity = ''
         AND o.duty = ANY (${bind('ownedDuties')}::text[]) AND ${this.canOwn('o.person_id')}) = cardinality(${bind('ownedDuties')}::text[]))`;
  }

  /** The first line alone is looked up in the index. */
  get withoutResponsible(): string {
    const { patient, bind } = this;
    return `(${patient}.responsible_person_id IS NULL OR ${patient}.responsible_person_id = ANY (${bind('mayNotOwn')}::uuid[]))
      AND (${patient}.responsible_person_id IS NULL OR NOT ${this.canOwn(`${patient}.responsible_person_id`)})`;
  }
}

interface StandInPairs {
  readonly general: readonly (readonly [from: string, to: string])[];
  /** Where single patients go another way than the others of the person. */
  readonly single: readonly (readonly [from: string, patientId: string, to: string])[];
}

function standInPairs(staff: Staff): StandInPairs {
  const from = [...new Set(staff.handovers.map((handover) => handover.from))];
  const generalOf = new Map(from.map((id) => [id, staff.standInFor(id).person ?? NO_PERSON] as const));
  const patients = new Set(staff.handovers.flatMap(({ patientIds }) => [...(patientIds ?? [])]));
  const single = [...patients].flatMap((patientId) =>
    from.flatMap((id) => {
      const to = staff.standInFor(id, patientId).person ?? NO_PERSON;
      return to === generalOf.get(id) ? [] : [[id, patientId, to] as const];
    }),
  );
  return { general: [...generalOf], single };
}

function commonParameters(staff: Staff, { general, single }: StandInPairs, duties: readonly Duty[]) {
  const able = new Set(staff.people.filter(canOwn).map(({ id }) => id));
  const seesAll = new Set(
    staff.people.flatMap(({ id, departments, ownPatientsOnly }) =>
      able.has(id) && departments === null && !ownPatientsOnly ? [id] : [],
    ),
  );
  // Of these, some patients may be without an owner: the stand-in does not see them, or single ones were handed over.
  const doubtful = new Set([
    ...general.filter(([, to]) => !seesAll.has(to)).map(([from]) => from),
    ...single.map(([from]) => from),
  ]);
  return {
    generalStandIns: JSON.stringify(Object.fromEntries(general)),
    singleStandIns: JSON.stringify(
      Object.fromEntries(single.map(([from, patientId, to]) => [`${from} ${patientId}`, to])),
    ),
    ableToOwn: [...able],
    mayNotOwn: staff.people.flatMap(({ id }) => (able.has(id) && !doubtful.has(id) ? [] : [id])),
    ownedDuties: [...duties],
  };
}

/** The people whose patients, or some of them, this person owns today. */
function leadingTo({ general, single }: StandInPairs, personId: string, staff: Staff): string[] {
  const found = general.filter(([, to]) => to === personId).map(([from]) => from);
  const some = single.filter(([, , to]) => to === personId).map(([from]) => from);
  const own = staff.standInFor(personId).person === personId ? [personId] : [];
  return [...new Set([...own, ...found, ...some])];
}

/** Of which departments' patients the person is the last resort; the others have no members. */
function lastResortOf(staff: Staff, { id }: StaffMember) {
  const isResort = (department: string | null): boolean =>
    staff.lastResort({ id: NO_PERSON, department, responsiblePersonId: null }).personIds.includes(id);
  const knownDepartments = [...new Set(staff.people.flatMap(({ departments }) => departments ?? []))];
  return {
    knownDepartments,
    resortDepartments: knownDepartments.filter(isResort),
    resortNone: isResort(null),
    resortOthers: isResort(UNKNOWN_DEPARTMENT),
  };
}

/** A department without members: departments have names. */
const UNKNOWN_DEPARTMENT = '';
