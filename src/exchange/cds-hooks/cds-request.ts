import { z } from 'zod';

const MOST_IDENTIFIERS = 50;
const words = z.string().max(500);

const Coding = z.looseObject({ system: words.optional(), code: words.optional() });

/** What is read of the Patient resource; everything else of it is ignored and not kept. */
const PrefetchedPatient = z.looseObject({
  resourceType: z.literal('Patient'),
  birthDate: words.optional(),
  identifier: z
    .array(
      z.looseObject({
        system: words.optional(),
        value: words.optional(),
        type: z.looseObject({ coding: z.array(Coding).max(20).optional() }).optional(),
      }),
    )
    .max(MOST_IDENTIFIERS)
    .optional(),
});
export type PrefetchedPatient = z.output<typeof PrefetchedPatient>;

/** A call of the hook `patient-view` (CDS Hooks 2.0, "Calling a CDS Service"). Unknown members are ignored, as it says. */
export const CdsRequest = z
  .looseObject({
    hook: z.literal('patient-view'),
    hookInstance: z.string().min(1).max(200),
    context: z.looseObject({ userId: words, patientId: words }),
    prefetch: z.looseObject({ patient: PrefetchedPatient.nullable().optional() }).optional(),
  })
  .meta({ id: 'CdsRequest' });
export type CdsRequest = z.output<typeof CdsRequest>;

/** HL7 v2 table 0203, as FHIR names it. */
const IDENTIFIER_TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203';

/**
 * The hospital's numbers of the patient: identifiers of type MR, or of the system by which our own resources name them. Any
 * other number could be that of another patient here.
 */
export const medicalRecordNumbers = (
  { identifier = [] }: PrefetchedPatient,
  ownSystem: string,
): readonly string[] => [
  ...new Set(
    identifier.flatMap(({ system, value, type }) => {
      const isNumber =
        system === ownSystem ||
        type?.coding?.some((coding) => coding.system === IDENTIFIER_TYPE && coding.code === 'MR');
      return isNumber && value !== undefined && value.trim() !== '' ? [value.trim()] : [];
    }),
  ),
];
