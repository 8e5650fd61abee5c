import { type ClinicalEventType, EXAM_EVENT } from './facts.js';
import type { ActivityCode } from './guideline.js';
import { isExamEvent } from './recorded-exam.js';
import type { WithActivities } from './activities.js';

/** What an event is in the record of a patient: an exam, a disease, a treatment, the patient's death, or another fact. */
export type ClinicalKind = 'investigation' | 'disease' | 'treatment' | 'death' | 'fact';

const KINDS: Readonly<Record<ClinicalEventType, ClinicalKind>> = {
  primary_resection: 'treatment',
  liver_metastasis_diagnosed: 'disease',
  recurrence: 'disease',
  conversion_therapy_ended: 'treatment',
  conversion_therapy_started: 'treatment',
  liver_ned: 'treatment',
  colonoscopy: 'investigation',
  exam: 'investigation',
  lynch_syndrome_confirmed: 'disease',
  transferred_out: 'fact',
  lost_to_follow_up: 'fact',
  consent_withdrawn: 'fact',
  death: 'death',
};

/** The kind of an event; an event type that a guideline declares is an exam, or another fact. */
export function kindOfEvent(type: string, guideline: WithActivities): ClinicalKind {
  if (type !== EXAM_EVENT && isExamEvent(type, guideline)) return 'investigation';
  return Object.hasOwn(KINDS, type) ? KINDS[type as ClinicalEventType] : 'fact';
}

/** Numbers of LOINC and SNOMED CT for the known activities. `interop/fhir/codes.ts` has their names and sources. */
const ACTIVITY_NUMBERS: Readonly<Record<ActivityCode, readonly string[]>> = {
  clinical_review: ['34117-2'],
  liver_ultrasound: ['28614-6'],
  ct_chest_abdomen_pelvis: ['72254-6', '418023006'],
  ct_abdomen_pelvis: ['36813-4', '419394006'],
  mri_liver: ['30670-4', '241622002'],
  colonoscopy: ['18746-8', '73761001'],
};

/** Numbers of LOINC for the measurements. */
const MEASUREMENT_NUMBERS: Readonly<Record<string, readonly string[]>> = {
  CEA: ['2039-6'],
  'CA19-9': ['24108-3'],
};

/** Numbers of ICD-10 and SNOMED CT for diseases. */
const DISEASE_NUMBERS: Readonly<Record<string, readonly string[]>> = {
  liver_metastasis_diagnosed: ['C78.7', '94381002'],
};

/** The numbers for the primary tumour by its site, where the resection says it. */
const TUMOUR_NUMBERS: Readonly<Record<string, readonly string[]>> = {
  colon: ['C18.9', '363406005'],
  rectum: ['C20'],
};

// Own properties only: a guideline may declare an activity named `constructor`.
const listed = (by: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] =>
  Object.hasOwn(by, name) ? (by[name] ?? []) : [];

/** Numbers of published code systems for an activity; none where no code has exactly this meaning. */
export const numbersOfActivity = (activity: ActivityCode): readonly string[] =>
  listed(ACTIVITY_NUMBERS, activity);

export const numbersOfMeasurement = (code: string): readonly string[] => listed(MEASUREMENT_NUMBERS, code);

export const numbersOfDisease = (type: string): readonly string[] => listed(DISEASE_NUMBERS, type);

/** Of the primary tumour. `site` is the field of the resection's event. */
export const numbersOfTumour = (site: unknown): readonly string[] =>
  typeof site === 'string' ? listed(TUMOUR_NUMBERS, site) : [];

/** The event type that says where the primary tumour was, its field for the site, and its field for the stage. */
export const RESECTION = { event: 'primary_resection', site: 'site', stage: 'stage' } as const;
