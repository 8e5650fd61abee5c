import type { FhirResource } from 'fhir/r4.js';
import type { SearchParameter } from '../../interop/fhir/search-parameters.js';
import type { FhirType } from '../../tenancy/fhir-rights.js';
import type { OwnedBy } from './resource-owners.js';
import { appointmentResources } from './resources/appointments.js';
import { communications } from './resources/communications.js';
import { consentResources } from './resources/consents.js';
import { conditions, diagnosticReports, observations, procedures } from './resources/event-resources.js';
import { patientResource } from './resources/patient.js';
import type { PatientRecord, RecordPart, ResourceContext } from './resources/patient-record.js';
import { carePlans, serviceRequests, tasks } from './resources/plan-resources.js';

/** A type of resources. Routes, searches and the capability statement read this. */
export interface ServedType {
  readonly type: FhirType;
  readonly parameters: readonly SearchParameter[];
  /** Reference parameters whose targets a search can include. */
  readonly includes: readonly string[];
}

/** A type whose resources follow from the records of patients. */
export interface PatientResources extends ServedType {
  readonly parts: readonly RecordPart[];
  readonly ownedBy: readonly OwnedBy[];
  readonly build: (record: PatientRecord, context: ResourceContext) => readonly FhirResource[];
}

type Parameter = readonly [elements: string, documentation: string, ...targets: FhirType[]];

const of =
  (type: SearchParameter['type']) =>
  (name: string, ...[elements, documentation, ...targets]: Parameter): SearchParameter => ({
    ...{ name, type, elements: elements.split(' '), documentation },
    ...(targets.length > 0 && { targets }),
  });
const token = of('token');
const date = of('date');
const reference = of('reference');
const uri = of('uri');

const COMMON: readonly SearchParameter[] = [
  token('_id', 'id', 'Ids, divided by commas'),
  date('_lastUpdated', 'meta.lastUpdated', 'When the content last changed'),
];

/** The parameters that name a patient, of types about a patient. */
export const PATIENT_PARAMETERS = ['patient', 'subject'];

const about = (element: string): readonly SearchParameter[] => [
  ...COMMON,
  ...PATIENT_PARAMETERS.map((name) => reference(name, element, 'Whose it is', 'Patient')),
];

const CODE = token('code', 'code', 'SYSTEM|CODE; of the published codes, or of the hospital');
const status = (documentation: string): SearchParameter => token('status', 'status', documentation);

export const PATIENT_RESOURCES: readonly PatientResources[] = [
  {
    type: 'Patient',
    parameters: [
      ...COMMON,
      token('identifier', 'identifier', "The hospital's number of the patient, with or without its system"),
      token('active', 'active', 'false: erased, or merged into another record'),
    ],
    ...{ includes: [], parts: ['events'], ownedBy: ['patient'] },
    build: (record, context) => [patientResource(record, context)],
  },
  {
    type: 'Condition',
    parameters: [
      ...about('subject'),
      CODE,
      date('onset-date', 'onsetDateTime', 'The day of the diagnosis'),
      token('verification-status', 'verificationStatus', 'entered-in-error: voided'),
    ],
    ...{ includes: PATIENT_PARAMETERS, parts: ['events'], ownedBy: ['patient', 'event'], build: conditions },
  },
  {
    type: 'Procedure',
    parameters: [
      ...about('subject'),
      CODE,
      date('date', 'performedDateTime', 'The day'),
      status('completed; entered-in-error: voided'),
    ],
    ...{ includes: PATIENT_PARAMETERS, parts: ['events'], ownedBy: ['event'], build: procedures },
  },
  {
    type: 'Observation',
    parameters: [
      ...about('subject'),
      CODE,
      date('date', 'effectiveDateTime', 'The day'),
      status('final; entered-in-error: voided'),
      token('category', 'category', 'laboratory: a measured value'),
    ],
    ...{ includes: PATIENT_PARAMETERS, parts: ['events'], ownedBy: ['event'], build: observations },
  },
  {
    type: 'DiagnosticReport',
    parameters: [
      ...about('subject'),
      CODE,
      date('date', 'effectiveDateTime', 'The day of the exam'),
      status('final; entered-in-error: voided'),
      reference('result', 'result', 'A value or finding', 'Observation'),
    ],
    includes: [...PATIENT_PARAMETERS, 'result'],
    ...{ parts: ['events'], ownedBy: ['event'], build: diagnosticReports },
  },
  {
    type: 'CarePlan',
    parameters: [
      ...about('subject'),
      status('active; completed: the follow-up has ended'),
      date('date', 'period', 'The period of the plan'),
      uri('instantiates-canonical', 'instantiatesCanonical', 'The guideline, with or without its version'),
      reference('activity-reference', 'activity.reference', 'An item of the plan', 'ServiceRequest'),
    ],
    includes: [...PATIENT_PARAMETERS, 'activity-reference'],
    ...{ parts: ['events', 'plan'], ownedBy: ['patient'], build: carePlans },
  },
  {
    type: 'ServiceRequest',
    parameters: [
      ...about('subject'),
      CODE,
      status('active, completed, on-hold, revoked; unknown: missed, or due before the enrolment'),
      token('intent', 'intent', 'plan; order once it is booked'),
      date('occurrence', 'occurrencePeriod', 'The window in which it is due'),
      reference('based-on', 'basedOn', 'The plan', 'CarePlan'),
    ],
    includes: [...PATIENT_PARAMETERS, 'based-on'],
    ...{ parts: ['events', 'plan'], ownedBy: ['item'], build: serviceRequests },
  },
  {
    type: 'Task',
    parameters: [
      ...about('for'),
      status('requested, accepted, in-progress, on-hold, rejected, completed, failed, cancelled'),
      token(
        'business-status',
        'businessStatus',
        'upcoming, due, overdue, booked, attended, deferred, missed …',
      ),
      reference('focus', 'focus', 'The item of the plan', 'ServiceRequest'),
      date('period', 'restriction.period', 'From the earliest day to the day on which it is due'),
    ],
    includes: [...PATIENT_PARAMETERS, 'focus'],
    ...{ parts: ['events', 'plan'], ownedBy: ['item'], build: tasks },
  },
  {
    type: 'Appointment',
    parameters: [
      ...COMMON,
      reference('patient', 'participant.actor', 'Whose it is', 'Patient'),
      status('proposed (no time yet), booked, fulfilled, noshow, cancelled, entered-in-error'),
      date('date', 'start requestedPeriod', 'When it begins, or the day for which it is proposed'),
      reference('based-on', 'basedOn', 'An item of the plan', 'ServiceRequest'),
    ],
    includes: ['patient', 'based-on'],
    ...{ parts: ['appointments'], ownedBy: ['appointment'], build: appointmentResources },
  },
  {
    type: 'Communication',
    parameters: [
      ...about('subject'),
      status('completed, not-done, preparation, unknown, entered-in-error'),
      date('sent', 'sent', 'When it was sent, or tried'),
    ],
    ...{ includes: PATIENT_PARAMETERS, parts: ['communications'], ownedBy: ['contact', 'message'] },
    build: communications,
  },
  {
    type: 'Consent',
    parameters: [
      ...COMMON,
      reference('patient', 'patient', 'Whose it is', 'Patient'),
      status('active: the newest of its channel; inactive: an earlier one'),
      date('date', 'dateTime', 'The day of the decision'),
    ],
    ...{ includes: ['patient'], parts: ['consents'], ownedBy: ['consent'], build: consentResources },
  },
];

/** Types that follow from no record of a patient. */
export const PLAN_DEFINITIONS: ServedType = {
  type: 'PlanDefinition',
  parameters: [
    ...COMMON,
    uri('url', 'url', 'The address of the guideline'),
    token('version', 'version', 'Its version'),
    status('active'),
  ],
  includes: [],
};
export const ACTIVITY_DEFINITIONS: ServedType = {
  type: 'ActivityDefinition',
  parameters: [
    ...COMMON,
    uri('url', 'url', 'The address of the activity under one guideline'),
    token('version', 'version', 'The version of the guideline'),
    status('active'),
  ],
  includes: [],
};
export const AUDIT_EVENTS: ServedType = {
  type: 'AuditEvent',
  parameters: [
    date('date', 'recorded', 'When it was recorded, with the prefixes ge and lt'),
    reference('patient', 'entity.what', 'Whose data were seen or changed', 'Patient'),
  ],
  includes: [],
};

export const SERVED_TYPES: readonly ServedType[] = [
  ...PATIENT_RESOURCES,
  ...[AUDIT_EVENTS, PLAN_DEFINITIONS, ACTIVITY_DEFINITIONS],
];
