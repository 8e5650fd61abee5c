import { z } from 'zod';
import { ACTIVITIES } from '../../guideline/activities.js';
import { CLINICAL_EVENT_TYPES } from '../../guideline/facts.js';
import type { FieldFault } from '../../platform/domain-error.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { msg } from '../../platform/messages/dictionary.js';
import { issue } from '../../platform/messages/issues.js';
import { text } from '../../platform/text.js';

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,60}$/, issue('id-form'));
const BothLanguages = z.strictObject({ zh: text(500), en: text(500) });
const Words = z.array(text(100)).max(100);
/** Of one condition: every report is compared with all of them. */
const ComparedWords = z.array(text(100)).min(1).max(30);

/** A code of the hospital's systems. */
const coded = {
  sender: text(100)
    .optional()
    .describe(
      'The sending system: MSH-3, or meta.source of a FHIR resource. Without it the entry counts for all systems',
    ),
  system: text(200)
    .optional()
    .describe('The code system as the sender names it. Without it the code counts in every system'),
  code: text(100).describe('The code as it is sent'),
};

const Condition = z
  .strictObject({
    observation: text(100).describe('The code of the observation (OBX-3, Observation.code)'),
    system: text(200).optional(),
    is: ComparedWords.optional().describe('Every value is one of these: a code, or a whole text'),
    has: ComparedWords.optional().describe('The text contains one of these'),
    lacks: ComparedWords.optional().describe('The text contains none of these'),
    from: z.number().optional().describe('The number is so large or larger'),
    to: z.number().optional().describe('The number is so large or smaller'),
    missing: z
      .literal(true)
      .optional()
      .describe('There is no observation of this code, not even a preliminary one'),
  })
  .describe('All parts must hold. Without missing, the observations of this code must be there and final');

const ReportRule = z.strictObject({
  ...coded,
  when: z.array(Condition).max(20).describe('All of these must hold'),
  outcome: text(61).optional().describe('An outcome of the activity; without it the exam counts as done'),
});

const CodedEvent = z.strictObject({
  kind: z.enum(['procedure', 'diagnosis']).describe('PR1 or Procedure; DG1 or Condition'),
  ...coded,
  event: z
    .looseObject({
      type: Id.describe(`${CLINICAL_EVENT_TYPES.join(', ')}, or one that the guideline declares`),
    })
    .describe('The type of event and its fields. A person adds the missing ones in the inbox'),
});

/** Which words of a status end an appointment. */
const AppointmentWords = z.strictObject({
  attended: Words.default([]),
  notAttended: Words.default([]),
  cancelled: Words.default([]),
  cancelledByPatient: Words.default([]).describe('Of the reason of a cancellation (SCH-6)'),
});

/** The schema of the file in which a hospital says what the codes of its systems mean. */
export const MappingFile = z
  .strictObject({
    id: Id,
    version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, issue('version-form')),
    title: BothLanguages,
    patientNumber: z.strictObject({
      types: z
        .array(text(20))
        .max(20)
        .describe('Types of the identifier (HL7 table 0203), the first found counts'),
      authorities: Words.optional().describe('Only numbers of these assigning authorities'),
      otherwiseFirst: z.literal(true).optional().describe('Without such a number: the first one'),
    }),
    systems: z
      .record(text(200), Words.min(1))
      .refine((named) => Object.keys(named).length <= 50, issue('too-many-entries', { limit: 50 }))
      .optional()
      .describe('Other names of a code system, such as its URI in FHIR'),
    exams: z
      .array(
        z.strictObject({
          ...coded,
          activity: Id.describe(`${ACTIVITIES.join(', ')}, or one that the guideline declares`),
        }),
      )
      .max(1000)
      .default([])
      .describe('What is booked, and what a report is about'),
    reports: z
      .array(ReportRule)
      .max(500)
      .default([])
      .describe('When a report has which outcome. A report without a matching rule is not interpreted'),
    measurements: z
      .array(z.strictObject({ ...coded, measurement: text(20) }))
      .max(500)
      .default([])
      .describe('Codes of the laboratory beside LOINC and the names of the program'),
    units: z
      .array(
        z.strictObject({
          sender: text(100).optional(),
          written: text(40),
          unit: text(20).describe('A UCUM unit of the measurement'),
          factor: z.number().min(1e-9).max(1e12).optional().describe('The value is multiplied by it'),
        }),
      )
      .max(200)
      .default([]),
    laboratories: z
      .array(
        z.strictObject({
          sender: text(100),
          name: text(100).optional().describe('The name under which the policy has its reference limits'),
          limits: z
            .array(z.strictObject({ measurement: text(20), limit: z.number().min(1e-9).max(1e12) }))
            .max(50)
            .default([])
            .describe('Upper limits, in the unit of the message, for values without a range of their own'),
        }),
      )
      .max(100)
      .default([]),
    events: z
      .array(CodedEvent)
      .max(500)
      .default([])
      .describe('Procedures and diagnoses that are events of the history'),
    appointments: AppointmentWords.default({
      ...{ attended: [], notAttended: [], cancelled: [], cancelledByPatient: [] },
    }),
    uninterpreted: z
      .enum(['refuse', 'inbox'])
      .default('refuse')
      .describe('What happens to a report, event or appointment that cannot be interpreted'),
  })
  .meta({ id: 'MappingFile', title: 'What the codes of a hospital mean to nedwatch' });

/** What the codes of a hospital's systems mean. */
export type Mapping = z.output<typeof MappingFile>;
export type MappedExam = Mapping['exams'][number];
export type ReportRule = z.output<typeof ReportRule>;
export type ReportCondition = z.output<typeof Condition>;
export type CodedEvent = z.output<typeof CodedEvent>;

/** A file that follows the schema, or every problem of it by its JSON pointer. */
export function readMappingFile(
  json: string,
): { readonly mapping: Mapping } | { readonly faults: readonly FieldFault[] } {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { faults: [{ pointer: '', code: 'not-json', message: msg('guideline-not-json', { detail }) }] };
  }
  const parsed = MappingFile.safeParse(value);
  return parsed.success ? { mapping: parsed.data } : { faults: faultsOfIssues(parsed.error.issues) };
}
