import { calendarDate } from '../../src/guideline/calendar.js';
import type { Choices } from '../../src/guideline/choices.js';
import type { ClinicalFact } from '../../src/guideline/facts.js';
import type { Guideline } from '../../src/guideline/guideline.js';
import { findGuideline } from '../../src/guideline/published/index.js';
import {
  type Circumstances,
  colonoscopy,
  conversion,
  exam,
  fact,
  ned,
  recurrence,
  resection,
} from './planned.js';

/** A patient, the guideline in use, and the choices. */
export interface Case {
  readonly guideline: Guideline;
  readonly events: readonly ClinicalFact[];
  readonly given: Circumstances;
}

const by = (id: string): Guideline => findGuideline(id)!;
const crlm = (events: readonly ClinicalFact[], given: Circumstances = {}): Case => ({
  guideline: by('crlm-cn-2025@1.1.0'),
  events,
  given: { asOf: '2022-06-15', until: '2022-12-31', ...given },
});
const other = (id: string, stage = 'III', site = 'colon'): Case => ({
  guideline: by(id),
  events: [resection({ stage, site }), colonoscopy('2021-02-10')],
  given: { asOf: '2021-06-15', until: '2026-03-01' },
});
export const rules = (decided: NonNullable<Choices['rules']>): Circumstances => ({ rules: decided });
export const clinician = { by: 'clinician', author: 'Dr. Chen', reason: 'agreed' } as const;

/** Patients and the program's plans for them, which were read and approved. */
export const PATIENTS: Readonly<Record<string, Case>> = {
  'stage III colon, nothing done': crlm([resection()]),
  'stage III colon, minimal': crlm([resection()], { profile: 'minimal' }),
  'stage I': crlm([resection({ stage: 'I' })]),
  'rectum, complete colonoscopies, examinations early, late and twice': crlm([
    resection({ site: 'rectum', stage: 'II' }),
    exam('tumour_markers', '2020-04-25'),
    exam('tumour_markers', '2020-05-20'),
    exam('ct_chest_abdomen_pelvis', '2021-03-31'),
    exam('liver_ultrasound', '2020-08-01', 'suspicious'),
    exam('mri_liver', '2020-08-20'),
    exam('clinical_review', '2022-02-01'),
    colonoscopy('2021-01-20'),
  ]),
  'incomplete colonoscopy before the operation, then abnormal': crlm([
    resection({ preoperativeColonoscopy: 'incomplete' }),
    colonoscopy('2020-06-20', 'incomplete'),
    colonoscopy('2020-07-20', 'abnormal'),
    colonoscopy('2021-08-01'),
  ]),
  'enrolled two years after the operation': crlm([resection()], { enrolledOn: '2022-03-01' }),
  'liver metastases, conversion, NED, recurrence, second NED': crlm([
    resection({ stage: 'IV' }),
    fact('liver_metastasis_diagnosed', '2020-02-20'),
    conversion('2020-03-10'),
    exam('ct_abdomen_pelvis', '2020-05-05'),
    fact('conversion_therapy_ended', '2020-10-01'),
    ned('2020-11-30'),
    exam('mri_liver', '2021-03-02'),
    recurrence('2021-09-10'),
    ned('2022-01-15'),
  ]),
  'NED imaged by MRI': crlm([resection(), ned('2021-08-31')], { liverImaging: 'mri' }),
  'dMMR under conversion, decided by a clinician': crlm(
    [resection({ stage: 'IV' }), conversion('2022-01-10', 'dMMR')],
    {
      ...rules({ conversion_ct_dmmr: { ...clinician, phases: { 0: { every: 'P9W' } } } }),
    },
  ),
  'transferred out': crlm([resection(), fact('transferred_out', '2021-10-05')]),
  'Lynch and onset before 50': crlm([resection(), fact('lynch_syndrome_confirmed', '2020-03-01')], {
    ...{ birthDate: '1975-04-30', ...rules({ colonoscopy: { ...clinician, interval: 'P1Y' } }) },
  }),
  'hospital and clinician chose': crlm([resection()], {
    ...{ tolerances: { upTo3Months: 7, upTo12Months: 10, longer: 20 } },
    ...rules({
      postoperative_markers: { by: 'hospital', phases: { 0: { every: 'P4M', until: 'P2Y' } } },
      postoperative_ct: { ...clinician, phases: { 0: { every: 'P18M' } } },
      postoperative_review: { ...clinician, offFrom: calendarDate('2022-09-01') },
    }),
  }),
  'added by hand': crlm(
    [resection(), exam('mri_liver', '2022-05-20'), fact('lost_to_follow_up', '2023-05-01')],
    {
      ...{ asOf: '2023-05-01' },
      added: [
        { id: 'a', activity: 'mri_liver', due: calendarDate('2022-05-25'), ...clinician },
        { id: 'b', activity: 'mri_liver', due: calendarDate('2022-11-25'), ...clinician },
        { id: 'c', activity: 'mri_liver', due: calendarDate('2023-06-25'), ...clinician },
      ],
    },
  ),
  'NHC 2023, stage III': other('nhc-china-2023'),
  'NHC 2023, stage I': other('nhc-china-2023', 'I', 'rectum'),
  'ASCO 2013': other('asco-2013'),
  'ASCO 2013, rectum': other('asco-2013', 'II', 'rectum'),
  'ESMO colon': other('esmo-colon'),
  'NICE NG151': other('nice-ng151', 'II'),
};
