import type { Observation, ObservationComponent } from 'fhir/r4.js';
import { numbersOfMeasurement } from '../../../guideline/clinical-kinds.js';
import { type Finding, findingsOf, recordedFindings } from '../../../guideline/findings.js';
import { laboratoryOf, valuesOf } from '../../../guideline/measured-exam.js';
import type { MeasuredValue } from '../../../guideline/measured-value.js';
import { measurementsOf } from '../../../guideline/measurements.js';
import { activityRecorded } from '../../../guideline/recorded-exam.js';
import { codingsOf, concept, hl7Concept, SYSTEMS } from '../../../interop/fhir/codes.js';
import type { ClinicalEvent } from '../../../patients/clinical-event.entity.js';
import { factOf } from '../../../patients/recorded-events.js';
import {
  filled,
  latest,
  type PatientRecord,
  referenceTo,
  type ResourceContext,
  versioned,
} from './patient-record.js';

/** The measured values and the structured findings of one exam; an event never changes, so their places number them. */
export function observationsOfExam(
  event: ClinicalEvent,
  record: PatientRecord,
  context: ResourceContext,
): Observation[] {
  const activity = activityRecorded(factOf(event), record.guideline) ?? event.type;
  return [
    ...valuesOf(event.detail).map((value, at) =>
      observation(`${event.id}-v${at + 1}`, event, record, {
        category: [hl7Concept('observation-category', 'laboratory')],
        ...measuredValue(value, activity, record, context),
        performer: filled(
          [laboratoryOf(event.detail)].flatMap((display) =>
            typeof display === 'string' ? [{ display }] : [],
          ),
        ),
      }),
    ),
    ...recordedFindings(event.detail).map((finding, at) =>
      observation(`${event.id}-f${at + 1}`, event, record, {
        ...structuredFinding(finding, activity, context),
      }),
    ),
  ];
}

type Content = Pick<Observation, 'code'> & Partial<Observation>;

const observation = (
  id: string,
  event: ClinicalEvent,
  { patient }: PatientRecord,
  content: Content,
): Observation =>
  versioned<Observation>(
    {
      ...{ resourceType: 'Observation', id },
      status: event.voidedAt === null ? 'final' : 'entered-in-error',
      subject: referenceTo('Patient', patient.id),
      effectiveDateTime: event.date,
      issued: event.recordedAt.toISOString(),
      ...content,
    },
    latest(event.recordedAt, event.voidedAt),
  );

/** Units are UCUM. Below and above the measuring range the value has a comparator. */
function measuredValue(
  { code, value, comparator, unit, referenceLimit, flag }: MeasuredValue,
  activity: string,
  { guideline }: PatientRecord,
  { codedIn, language }: ResourceContext,
): Content {
  const title = measurementsOf(activity, guideline).find((one) => one.code === code)?.title[language];
  const quantity = { unit, system: SYSTEMS.ucum, code: unit };
  return {
    code: concept('measurement', code, title ?? code, codingsOf(numbersOfMeasurement(code), codedIn)),
    valueQuantity: { value, comparator, ...quantity },
    interpretation: flag && [hl7Concept('v3-ObservationInterpretation', 'H')],
    referenceRange:
      referenceLimit === undefined ? undefined : [{ high: { value: referenceLimit, ...quantity } }],
  };
}

/** A finding and the fields that describe it; a field with several words has one component for each. */
function structuredFinding(
  { kind, ...fields }: Finding,
  activity: string,
  { language }: ResourceContext,
): Content {
  const known = findingsOf(activity);
  const declared = Object.hasOwn(known, kind) ? known[kind] : undefined;
  const component = Object.entries(fields).flatMap(([name, value]) => {
    const code = concept('finding-field', name, declared?.fields[name]?.title[language] ?? name);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map((one): ObservationComponent =>
      typeof one === 'number' ? { code, valueInteger: one } : { code, valueString: String(one) },
    );
  });
  return {
    code: concept('finding', kind, declared?.title[language] ?? kind),
    component: filled(component),
    valueBoolean: component.length === 0 ? true : undefined,
  };
}
