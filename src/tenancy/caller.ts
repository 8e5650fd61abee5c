import type { Language } from '../guideline/guideline.js';

/** What somebody is in a hospital; what each may do stands in `rights.ts`. */
export const ROLES = [
  'nurse',
  'head_nurse',
  'clinician',
  'hospital_admin',
  'auditor',
  'integration',
  'platform_operator',
] as const;
export type Role = (typeof ROLES)[number];

/** Which patients of the hospital somebody may see. */
export interface PatientScope {
  /** null: every department. A patient without a department is seen by all. */
  readonly departments: readonly string[] | null;
  /** Only the patients for whom this one is the responsible nurse. */
  readonly ownOnly: boolean;
}

export const WHOLE_HOSPITAL: PatientScope = { departments: null, ownOnly: false };

export interface CallerSession {
  readonly id: string;
  readonly kind: 'cookie' | 'token';
  /** Whether the person proved who they are in it within the last five minutes. */
  readonly steppedUp: boolean;
  /** Whether the hospital asks these roles for a second factor and the session has none. */
  readonly lacksSecondFactor: boolean;
}

/** Who asks, once known. */
export interface Caller {
  readonly kind: 'person' | 'key' | 'program';
  /** Of the person or the key; the name of the job where the program itself works. */
  readonly id: string;
  /** As it is written where an author is asked for. */
  readonly name: string;
  readonly hospitalId: string;
  readonly roles: readonly Role[];
  /** What a key is limited to within its roles; null: all of it. */
  readonly scopes: readonly string[] | null;
  readonly patientScope: PatientScope;
  /** CIDR ranges from which the credential is taken; null: from anywhere. */
  readonly addresses: readonly string[] | null;
  /** When the account or key ends; null: never. */
  readonly expiresAt: Date | null;
  /** The hospital's: answers are worded in it where the request asks for no other. */
  readonly language?: Language;
  /** The session by which a person came. */
  readonly session?: CallerSession;
}

/** Whether some patients of the hospital are not theirs to see. */
export const isLimited = ({
  patientScope: { departments, ownOnly },
}: Pick<Caller, 'patientScope'>): boolean => ownOnly || departments !== null;

/** What row security then says of the patient, who may not be stored yet. */
export const isWithinPatientScope = (
  {
    id,
    kind,
    name,
    patientScope: { departments, ownOnly },
  }: Pick<Caller, 'id' | 'kind' | 'name' | 'patientScope'>,
  patient: {
    readonly department: string | null;
    readonly responsibleNurse: string | null;
    readonly responsiblePersonId: string | null;
  },
): boolean =>
  (kind === 'person' &&
    (patient.responsiblePersonId === null
      ? patient.responsibleNurse === name
      : patient.responsiblePersonId === id)) ||
  (!ownOnly &&
    (departments === null || patient.department === null || departments.includes(patient.department)));

/** The program itself, at work in one hospital: the sweep, a job, a command. */
export const programIn = (hospitalId: string): Caller => ({
  kind: 'program',
  id: 'nedwatch',
  name: 'nedwatch',
  hospitalId,
  roles: [],
  scopes: null,
  patientScope: WHOLE_HOSPITAL,
  addresses: null,
  expiresAt: null,
});

/** As the database's row security reads it; empty: the whole hospital. A key has a name, and no patients of its own. */
export function patientScopeSetting({
  id,
  kind,
  name,
  patientScope: { departments, ownOnly },
}: Caller): string {
  const own = kind === 'person' ? { nurse: name, person: id } : {};
  if (ownOnly) return JSON.stringify(own);
  return departments === null ? '' : JSON.stringify({ departments, ...own });
}
