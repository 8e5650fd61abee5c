import type { Extension, Identifier, Patient } from 'fhir/r4.js';
import { isDeath } from '../../../guideline/facts.js';
import { surnameOf } from '../../../patients/identity.js';
import { nameOfNurse } from '../../../patients/responsible-nurse.js';
import { hl7Concept } from '../../../interop/fhir/codes.js';
import {
  filled,
  latest,
  type PatientRecord,
  referenceTo,
  type ResourceContext,
  versioned,
} from './patient-record.js';

/** The system of the hospital's own patient numbers. */
export const mrnSystem = (hospitalId: string): string => `urn:nedwatch:hospital:${hospitalId}:mrn`;
export const IDENTITY_SYSTEM = 'urn:nedwatch:identity-number';

/** An extension of the program's own; `docs/fhir.md` lists them. */
export const ownExtension = (name: string, value: Omit<Extension, 'url'>): Extension => ({
  url: `urn:nedwatch:extension:${name}`,
  ...value,
});

/** The patient, with name, phone and identity number for callers who may see them. */
export function patientResource(record: PatientRecord, { hospitalId }: ResourceContext): Patient {
  const { patient, identity, events } = record;
  const { id, mrn, sex, birthDate, erasedAt, mergedInto, createdAt } = patient;
  const shown = erasedAt === null ? identity : null;
  const deaths = events.filter((event) => isDeath(event) && event.voidedAt === null);
  const resource: Patient = {
    resourceType: 'Patient',
    id,
    extension: filled(extensionsOf(record)),
    identifier: [
      { use: 'usual', type: hl7Concept('v2-0203', 'MR'), system: mrnSystem(hospitalId), value: mrn },
      ...(shown?.identityNumber ? [identityNumber(shown.identityNumber)] : []),
    ],
    active: erasedAt === null && mergedInto === null,
    name:
      shown && shown.name !== ''
        ? [{ use: 'official', text: shown.name, family: surnameOf(shown.name) }]
        : undefined,
    telecom: shown?.phone ? [{ system: 'phone', value: shown.phone }] : undefined,
    gender: sex,
    birthDate,
    deceasedDateTime: deaths[0]?.date,
    link:
      mergedInto === null ? undefined : [{ other: referenceTo('Patient', mergedInto), type: 'replaced-by' }],
  };
  return versioned(resource, latest(createdAt, erasedAt, ...deaths.map(({ recordedAt }) => recordedAt)));
}

const identityNumber = (value: string): Identifier => ({
  use: 'official',
  type: hl7Concept('v2-0203', 'NI'),
  system: IDENTITY_SYSTEM,
  value,
});

/** What registers the patient in follow-up and has no element in FHIR. */
function extensionsOf({ patient, nurse }: PatientRecord): Extension[] {
  const { department, ward, group, distanceKm, profile, liverImaging, enrolledOn } = patient;
  const texts = { department, ward, group, 'responsible-nurse': nameOfNurse(nurse) };
  const codes = { profile, 'liver-imaging': liverImaging };
  return [
    ownExtension('enrolled-on', { valueDate: enrolledOn }),
    ...Object.entries(texts).flatMap(([name, valueString]) =>
      valueString ? [ownExtension(name, { valueString })] : [],
    ),
    ...Object.entries(codes).flatMap(([name, valueCode]) =>
      valueCode ? [ownExtension(name, { valueCode })] : [],
    ),
    ...(distanceKm === null ? [] : [ownExtension('distance-km', { valueInteger: distanceKm })]),
  ];
}
