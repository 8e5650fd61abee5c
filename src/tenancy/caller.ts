import type { Language } from '../guideline/guideline.js';

/** The roles of people in a hospital; `rights.ts` lists the rights of each. */
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

/** The patients of the hospital that a caller may see. */
export interface PatientScope {
  /** null: every department. All callers see a patient without a department. */
  readonly departments: readonly string[] | null;
  /** Only the patients whose responsible nurse is this person. */
  readonly ownOnly: boolean;
}

export const WHOLE_HOSPITAL: PatientScope = { departments: null, ownOnly: false };

/** The SMART scopes of an access token, such as `system/Patient.rs`, and the scopes that limit its key. */
export interface ResourceScopes {
  readonly granted: readonly string[];
  /** null: no limit. */
  readonly within: readonly string[] | null;
}

export interface CallerSession {
  readonly id: string;
  readonly kind: 'cookie' | 'token';
  /** Whether the person proved the identity in this session within the last five minutes. */
  readonly steppedUp: boolean;
  /** Whether the hospital requires a second factor for these roles and the session has none. */
  readonly lacksSecondFactor: boolean;
}

/** An identified caller. */
export interface Caller {
  readonly kind: 'person' | 'key' | 'program';
  /** The id of the person or key; the name of the job where the program itself works. */
  readonly id: string;
  /** The name in records that need an author. */
  readonly name: string;
  readonly hospitalId: string;
  readonly roles: readonly Role[];
  /** The scopes that limit a key within its roles; null: no limit. */
  readonly scopes: readonly string[] | null;
  /** What its access token permits at `/fhir` besides `scopes`; undefined: no access token. */
  readonly resources?: ResourceScopes;
  readonly patientScope: PatientScope;
  /** CIDR ranges from which the credential is accepted; null: any address. */
  readonly addresses: readonly string[] | null;
  /** When the account or key ends; null: never. */
  readonly expiresAt: Date | null;
  /** The hospital's language, for answers to requests without a preference. */
  readonly language?: Language;
  /** The session of a person. */
  readonly session?: CallerSession;
}

/** Whether the caller cannot see all patients of the hospital. */
export const isLimited = ({
  patientScope: { departments, ownOnly },
}: Pick<Caller, 'patientScope'>): boolean => ownOnly || departments !== null;

/** The decision of row security about a patient who may not be stored yet. */
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

/** The program itself at work in one hospital: the sweep, a job, a command. */
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

/**
 * The scope as the database's row security reads it; empty: the whole hospital. A key has a name, and no patients of
 * its own.
 */
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
