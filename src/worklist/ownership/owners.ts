import type { CalendarDate } from '../../guideline/calendar.js';
import type { Role } from '../../tenancy/caller.js';

/** What a person does about an examination: orders it, books it, reads the result. */
export const DUTIES = ['orders', 'books', 'reads'] as const;
export type Duty = (typeof DUTIES)[number];

/** Roles whose people can own patients. */
export const OWNER_ROLES: readonly Role[] = ['nurse', 'head_nurse', 'clinician'];

/** A person of the hospital, as far as it matters for who owns what. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** False for a disabled or expired account. */
  readonly active: boolean;
  /** Whose patients they see; null: every department's. */
  readonly departments: readonly string[] | null;
  readonly ownPatientsOnly: boolean;
}

/** A handover on a day within its first and last one. */
export interface RunningHandover {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly lastDay: CalendarDate;
  /** Null: all patients of `from`. */
  readonly patientIds: ReadonlySet<string> | null;
}

export interface OwnedPatient {
  readonly id: string;
  readonly department: string | null;
  readonly responsiblePersonId: string | null;
}

/** Who was named for one duty of a patient; `activity` null: for all activities. */
export interface NamedOwner {
  readonly activity: string | null;
  readonly duty: Duty;
  readonly personId: string;
}

/** By which rule a person owns: named for the activity, named for the patient, or the first of the others who can. */
export const OWNED_BY = [
  'activity',
  'patient',
  'responsible_nurse',
  'head_nurse',
  'nurse',
  'nobody',
] as const;
export type OwnedBy = (typeof OWNED_BY)[number];

export interface Ownership {
  /** One person, or all head nurses or nurses of the level that has to act; empty only by `nobody`. */
  readonly personIds: readonly string[];
  readonly by: OwnedBy;
  /** Whom the owner stands in for, by a handover; null: no person. */
  readonly insteadOf: string | null;
  /** The last day of that handover. */
  readonly until: CalendarDate | null;
}

/** Whether the person sees the patient: the rule of row security for people. */
export const seesPatient = (person: StaffMember, patient: OwnedPatient): boolean =>
  patient.responsiblePersonId === person.id ||
  (!person.ownPatientsOnly &&
    (person.departments === null ||
      patient.department === null ||
      person.departments.includes(patient.department)));

/** Whether the person can own anything: an active account with a role that treats patients. */
export const canOwn = ({ active, roles }: Pick<StaffMember, 'active' | 'roles'>): boolean =>
  active && roles.some((role) => OWNER_ROLES.includes(role));

/** Where the handovers of a person lead; `person` is null where they lead in a circle. */
export interface StandIn {
  readonly person: string | null;
  /** The last day of the handover that ends first on the way; null: there is none. */
  readonly until: CalendarDate | null;
}

/** The people of a hospital and the handovers that run on one day. */
export class Staff {
  private readonly byId: ReadonlyMap<string, StaffMember>;
  private readonly general = new Map<string, RunningHandover>();
  private readonly single = new Map<string, RunningHandover[]>();

  constructor(
    readonly people: readonly StaffMember[],
    readonly handovers: readonly RunningHandover[],
  ) {
    this.byId = new Map(people.map((person) => [person.id, person]));
    for (const handover of handovers)
      if (handover.patientIds === null) this.general.set(handover.from, handover);
      else this.single.set(handover.from, [...(this.single.get(handover.from) ?? []), handover]);
  }

  person(id: string): StaffMember | undefined {
    return this.byId.get(id);
  }

  /** Who works for this person today, about the patient; without a patient, about those that were not handed over singly. */
  standInFor(personId: string, patientId?: string): StandIn {
    const seen = new Set([personId]);
    let until: CalendarDate | null = null;
    for (let person = personId; ;) {
      const handover = this.handoverOf(person, patientId);
      if (!handover) return { person, until };
      if (until === null || handover.lastDay < until) until = handover.lastDay;
      person = handover.to;
      if (seen.has(person)) return { person: null, until };
      seen.add(person);
    }
  }

  private handoverOf(personId: string, patientId: string | undefined): RunningHandover | undefined {
    const single =
      patientId === undefined
        ? undefined
        : this.single.get(personId)?.find(({ patientIds }) => patientIds?.has(patientId));
    return single ?? this.general.get(personId);
  }

  /** The owner of a duty of the patient, for examinations of the activity; `activity` null: of none that has an own owner. */
  ownerOf(
    patient: OwnedPatient,
    named: readonly NamedOwner[],
    { activity, duty }: { readonly activity: string | null; readonly duty: Duty },
  ): Ownership {
    const find = (of: string | null): string | undefined =>
      named.find((one) => one.activity === of && one.duty === duty)?.personId;
    const candidates: readonly (readonly [OwnedBy, string | null | undefined])[] = [
      ['activity', activity === null ? undefined : find(activity)],
      ['patient', find(null)],
      ['responsible_nurse', patient.responsiblePersonId],
    ];
    for (const [by, personId] of candidates) {
      const owner = personId ? this.ownerThrough(personId, patient) : null;
      if (owner) return { ...owner, by };
    }
    return this.lastResort(patient);
  }

  /** The person, or who stands in for them; null where none of them can own this patient today. */
  private ownerThrough(personId: string, patient: OwnedPatient): Omit<Ownership, 'by'> | null {
    const { person, until } = this.standInFor(personId, patient.id);
    const owner = person === null ? undefined : this.person(person);
    if (!owner || !canOwn(owner) || !seesPatient(owner, patient)) return null;
    return { personIds: [owner.id], insteadOf: owner.id === personId ? null : personId, until };
  }

  /**
   * The head nurses of the patient's department, else those of the whole hospital, else any who see the patient, else the
   * nurses who do. Of who has handed over all patients, the stand-in.
   */
  lastResort(patient: OwnedPatient): Ownership {
    for (const [by, level] of this.levels(patient.department)) {
      const standIns = level.map(({ id }) => this.standInFor(id).person);
      const personIds = [...new Set(standIns)].filter((id): id is string => {
        const owner = id === null ? undefined : this.person(id);
        return (
          owner !== undefined &&
          canOwn(owner) &&
          seesPatient(owner, { ...patient, responsiblePersonId: null })
        );
      });
      if (personIds.length > 0) return { personIds, by, insteadOf: null, until: null };
    }
    return { personIds: [], by: 'nobody', insteadOf: null, until: null };
  }

  /**
   * Who has to judge exams of the activity: the clinician who reads the patient's results, else the one who orders the
   * exams, else every clinician who sees the patient; of each, today's stand-in.
   */
  cliniciansOf(patient: OwnedPatient, named: readonly NamedOwner[], activity: string): readonly string[] {
    const isClinician = (id: string): boolean => this.person(id)?.roles.includes('clinician') === true;
    for (const duty of ['reads', 'orders'] as const) {
      const owners = this.ownerOf(patient, named, { activity, duty }).personIds.filter(isClinician);
      if (owners.length > 0) return owners;
    }
    const standIns = this.people
      .filter((person) => canOwn(person) && isClinician(person.id) && seesPatient(person, patient))
      .flatMap(({ id }) => this.ownerThrough(id, patient)?.personIds ?? []);
    return [...new Set(standIns)];
  }

  /** The head nurses who have to act for the patient; empty: there is none. */
  headNursesOf(patient: OwnedPatient): readonly string[] {
    const { by, personIds } = this.lastResort(patient);
    return by === 'head_nurse' ? personIds : [];
  }

  private levels(
    department: string | null,
  ): (readonly [Extract<OwnedBy, 'head_nurse' | 'nurse'>, readonly StaffMember[]])[] {
    const active = this.people.filter((person) => canOwn(person) && !person.ownPatientsOnly);
    const heads = active.filter(({ roles }) => roles.includes('head_nurse'));
    const isNamed = ({ departments }: StaffMember): boolean =>
      department !== null && departments?.includes(department) === true;
    const isOfAll = ({ departments }: StaffMember): boolean => departments === null;
    return [
      ['head_nurse', heads.filter(isNamed)],
      ['head_nurse', heads.filter(isOfAll)],
      ['head_nurse', department === null ? heads : []],
      ['nurse', active.filter(({ roles }) => roles.includes('nurse'))],
    ];
  }
}
