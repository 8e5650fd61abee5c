import type {
  CodeableConcept,
  Condition,
  DiagnosticReport,
  Extension,
  Observation,
  Procedure,
} from 'fhir/r4.js';
import {
  kindOfEvent,
  numbersOfActivity,
  numbersOfDisease,
  numbersOfTumour,
  RESECTION,
} from '../../../guideline/clinical-kinds.js';
import { activityRecorded, outcomeRecorded } from '../../../guideline/recorded-exam.js';
import { activityTitle, eventTitle, outcomeTitle } from '../../../guideline/vocabulary.js';
import { codingsOf, concept, hl7Concept } from '../../../interop/fhir/codes.js';
import type { ClinicalEvent } from '../../../patients/clinical-event.entity.js';
import { REPORT_FIELD } from '../../../patients/event-text.js';
import { ExamReport } from '../../../patients/exam-report.js';
import { factOf } from '../../../patients/recorded-events.js';
import { observationsOfExam } from './exam-observations.js';
import { ownExtension } from './patient.js';
import {
  filled,
  latest,
  type PatientRecord,
  referenceTo,
  type ResourceContext,
  versioned,
} from './patient-record.js';

/** The disease: the diagnosis with which the patient was registered, and each event that is a disease. */
export function conditions(record: PatientRecord, context: ResourceContext): Condition[] {
  const { patient, guideline } = record;
  if (patient.mergedInto !== null) return [];
  const found = record.events
    .filter(({ type }) => kindOfEvent(type, guideline) === 'disease')
    .map((event) =>
      versioned<Condition>(
        {
          ...conditionOf(event.id, record, event.voidedAt !== null),
          extension: filled(fieldsOf(event)),
          code: conceptOfEvent(event, record, context, numbersOfDisease(event.type)),
          onsetDateTime: event.date,
          recordedDate: event.recordedAt.toISOString(),
        },
        changedAt(event),
      ),
    );
  return [diagnosis(record, context), ...found];
}

const conditionOf = (id: string, { patient }: PatientRecord, isVoided: boolean): Condition => ({
  ...{ resourceType: 'Condition', id },
  // HL7 FHIR R4, con-5: an entry in error has no clinical status.
  ...(!isVoided && { clinicalStatus: hl7Concept('condition-clinical', 'active') }),
  verificationStatus: hl7Concept('condition-ver-status', isVoided ? 'entered-in-error' : 'confirmed'),
  category: [hl7Concept('condition-category', 'encounter-diagnosis')],
  subject: referenceTo('Patient', patient.id),
});

/** Its ICD-10 code follows from the site that the resection names; without one it has the program's own code alone. */
function diagnosis(record: PatientRecord, { codedIn, language }: ResourceContext): Condition {
  const { patient, events, guideline } = record;
  const resection = events.find(({ type, voidedAt }) => type === RESECTION.event && voidedAt === null);
  const stage = resection?.detail[RESECTION.stage];
  const type = 'diagnosis';
  const codings = codingsOf(numbersOfTumour(resection?.detail[RESECTION.site]), codedIn);
  return versioned(
    {
      ...conditionOf(patient.id, record, false),
      code: concept('event', type, eventTitle(type, guideline)[language], codings),
      onsetDateTime: patient.diagnosisDate,
      recordedDate: patient.createdAt.toISOString(),
      stage: typeof stage === 'string' ? [{ summary: { text: stage } }] : undefined,
    },
    latest(patient.createdAt, resection?.recordedAt),
  );
}

/** Operations, and the other treatments of which an event is recorded. */
export const procedures = (record: PatientRecord, context: ResourceContext): Procedure[] =>
  record.events
    .filter(({ type }) => kindOfEvent(type, record.guideline) === 'treatment')
    .map((event) =>
      versioned<Procedure>(
        {
          ...{ resourceType: 'Procedure', id: event.id },
          extension: filled(fieldsOf(event)),
          status: event.voidedAt === null ? 'completed' : 'entered-in-error',
          code: conceptOfEvent(event, record, context),
          subject: referenceTo('Patient', record.patient.id),
          performedDateTime: event.date,
          reasonReference: [referenceTo('Condition', record.patient.id)],
        },
        changedAt(event),
      ),
    );

/** Exams: their outcome, and their values and findings as observations. */
export const diagnosticReports = (record: PatientRecord, context: ResourceContext): DiagnosticReport[] =>
  record.events
    .filter(({ type }) => kindOfEvent(type, record.guideline) === 'investigation')
    .map((event) => diagnosticReport(event, record, context));

function diagnosticReport(
  event: ClinicalEvent,
  record: PatientRecord,
  context: ResourceContext,
): DiagnosticReport {
  const { guideline, patient } = record;
  const { codedIn, language } = context;
  const fact = factOf(event);
  const activity = activityRecorded(fact, guideline) ?? event.type;
  const outcome = outcomeRecorded(fact, guideline);
  const report = reportOf(event);
  const results = observationsOfExam(event, record, context).map(({ id = '' }) =>
    referenceTo('Observation', id),
  );
  return versioned<DiagnosticReport>(
    {
      ...{ resourceType: 'DiagnosticReport', id: event.id },
      extension: filled([...fieldsOf(event), ...extensionsOfReport(report)]),
      status: event.voidedAt === null ? 'final' : 'entered-in-error',
      code: concept(
        'activity',
        activity,
        activityTitle(activity, guideline)[language],
        codingsOf(numbersOfActivity(activity), codedIn),
      ),
      subject: referenceTo('Patient', patient.id),
      effectiveDateTime: event.date,
      issued: event.recordedAt.toISOString(),
      performer: report.laboratory === undefined ? undefined : [{ display: report.laboratory }],
      result: filled(results),
      conclusion: report.note,
      conclusionCode:
        outcome === null ? undefined : [concept('outcome', outcome, outcomeTitle(outcome)[language])],
    },
    changedAt(event),
  );
}

/** Values and findings of exams, and facts that are no disease, treatment or exam. */
export const observations = (record: PatientRecord, context: ResourceContext): Observation[] =>
  record.events.flatMap((event) => {
    const kind = kindOfEvent(event.type, record.guideline);
    if (kind === 'investigation') return observationsOfExam(event, record, context);
    return kind === 'fact' ? [factObservation(event, record, context)] : [];
  });

const factObservation = (
  event: ClinicalEvent,
  record: PatientRecord,
  context: ResourceContext,
): Observation =>
  versioned<Observation>(
    {
      ...{ resourceType: 'Observation', id: event.id },
      extension: filled(fieldsOf(event)),
      status: event.voidedAt === null ? 'final' : 'entered-in-error',
      code: conceptOfEvent(event, record, context),
      subject: referenceTo('Patient', record.patient.id),
      effectiveDateTime: event.date,
      issued: event.recordedAt.toISOString(),
      valueBoolean: true,
    },
    changedAt(event),
  );

const conceptOfEvent = (
  { type }: ClinicalEvent,
  { guideline }: PatientRecord,
  { language, codedIn }: ResourceContext,
  numbers: readonly string[] = [],
): CodeableConcept =>
  concept('event', type, eventTitle(type, guideline)[language], codingsOf(numbers, codedIn));

/** When the content last changed: the event was recorded, seen, judged or voided. */
const changedAt = ({ recordedAt, voidedAt }: ClinicalEvent): Date => latest(recordedAt, voidedAt);

/** The fields of the event that no element of FHIR holds: each with its name and its value as text. */
function fieldsOf({ detail }: ClinicalEvent): Extension[] {
  return Object.entries(detail).flatMap(([name, value]) =>
    typeof value === 'string' && name !== REPORT_FIELD
      ? [
          ownExtension('event-field', {
            extension: [
              { url: 'name', valueString: name },
              { url: 'value', valueString: value },
            ],
          }),
        ]
      : [],
  );
}

const reportOf = ({ detail }: ClinicalEvent): ExamReport => {
  const read = ExamReport.safeParse(detail[REPORT_FIELD]);
  return read.success ? read.data : {};
};

const extensionsOfReport = ({ place, method, documents = [] }: ExamReport): Extension[] => [
  ...(place === undefined ? [] : [ownExtension('place', { valueString: place })]),
  ...(method === undefined ? [] : [ownExtension('method', { valueString: method })]),
  ...documents.map(({ system, id }) =>
    ownExtension('document', {
      extension: [
        { url: 'system', valueString: system },
        { url: 'id', valueString: id },
      ],
    }),
  ),
];
