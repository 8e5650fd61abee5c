import type { Role } from './caller.js';

const CARE: readonly Role[] = ['nurse', 'head_nurse', 'clinician', 'integration'];
const READERS: readonly Role[] = [...CARE, 'hospital_admin', 'auditor'];

const OF_PATIENTS = { scope: 'patients:read', roles: READERS } as const;
const BY_CARE = { scope: 'patients:read', roles: CARE } as const;
const OF_GUIDELINES = { scope: 'guidelines:read', roles: [...READERS, 'platform_operator'] } as const;

/** Who reads the resources of each type at `/fhir`: the callers who may read the same by the API. */
export const FHIR_READS = {
  Patient: OF_PATIENTS,
  Condition: OF_PATIENTS,
  Procedure: OF_PATIENTS,
  Observation: OF_PATIENTS,
  DiagnosticReport: OF_PATIENTS,
  CarePlan: OF_PATIENTS,
  ServiceRequest: OF_PATIENTS,
  Task: OF_PATIENTS,
  Appointment: OF_PATIENTS,
  Communication: BY_CARE,
  Consent: OF_PATIENTS,
  AuditEvent: { scope: 'audit:read', roles: ['auditor'] },
  PlanDefinition: OF_GUIDELINES,
  ActivityDefinition: OF_GUIDELINES,
} as const satisfies Readonly<Record<string, { readonly scope: string; readonly roles: readonly Role[] }>>;
export type FhirType = keyof typeof FHIR_READS;

export const FHIR_TYPES = Object.keys(FHIR_READS) as readonly FhirType[];

/** Who writes: the hospital's systems, as with HL7 v2. */
const BY_SYSTEMS = { scope: 'patients:write', roles: ['integration'] } as const;

/** The types that systems write. */
export const FHIR_WRITTEN = [
  'Patient',
  'Condition',
  'Procedure',
  'Observation',
  'DiagnosticReport',
  'Appointment',
] as const satisfies readonly FhirType[];

/** The calls at `/fhir` that write. A resource of a type that is not stored here is refused by the call itself. */
export const FHIR_WRITES = {
  'POST /fhir': BY_SYSTEMS,
  'POST /fhir/:type': BY_SYSTEMS,
  'PUT /fhir/:type': BY_SYSTEMS,
  'PUT /fhir/:type/:id': BY_SYSTEMS,
} as const;

/** A POST that searches changes nothing, and its answer is not kept for repetition. */
const READS = { reads: true } as const;

/** The calls at `/fhir` that read, as rows of the table of rights. */
export const FHIR_RIGHTS = Object.fromEntries([
  ...FHIR_TYPES.flatMap((type) => [
    [`GET /fhir/${type}`, FHIR_READS[type]],
    [`GET /fhir/${type}/:id`, FHIR_READS[type]],
    [`POST /fhir/${type}/_search`, { ...FHIR_READS[type], ...READS }],
  ]),
  ['GET /fhir/Patient/:id/$everything', OF_PATIENTS],
  ['GET /fhir/PlanDefinition/:id/$apply', OF_PATIENTS],
  ['POST /fhir/PlanDefinition/:id/$apply', { ...OF_PATIENTS, ...READS }],
]) as Readonly<
  Record<
    string,
    {
      readonly scope: (typeof FHIR_READS)[FhirType]['scope'];
      readonly roles: readonly Role[];
      readonly reads?: true;
    }
  >
>;
