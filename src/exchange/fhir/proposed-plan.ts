import type { CarePlan, ServiceRequest } from 'fhir/r4.js';
import { numbersOfActivity } from '../../guideline/clinical-kinds.js';
import { reasonFor } from '../../guideline/reason.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import { codingsOf, concept } from '../../interop/fhir/codes.js';
import type { PlanUnder } from '../../schedules/previews/preview.service.js';
import { activityCanonical, planCanonical } from './resources/canonicals.js';
import { ownExtension } from './resources/patient.js';
import { filled, referenceTo, type ResourceContext } from './resources/patient-record.js';
import { windowOf } from './resources/plan-resources.js';

/**
 * The plan that a guideline would give the patient, with its open items inside it. Nothing of it is stored: it is a draft, and
 * a proposal.
 */
export function proposedCarePlan(
  { guideline, choices, plan }: PlanUnder,
  patientId: string,
  { language, codedIn }: Pick<ResourceContext, 'language' | 'codedIn'>,
): CarePlan {
  const open = plan.items.filter(
    ({ completedOn, beforeEnrolment }) => completedOn === null && !beforeEnrolment,
  );
  const contained = open.map((item, at): ServiceRequest => ({
    ...{ resourceType: 'ServiceRequest', id: `item-${at + 1}` },
    extension: [ownExtension('due', { valueDate: item.due })],
    instantiatesCanonical: [activityCanonical(guideline, item.activity)],
    ...{ status: 'draft', intent: 'proposal' },
    code: concept(
      'activity',
      item.activity,
      activityTitle(item.activity, guideline)[language],
      codingsOf(numbersOfActivity(item.activity), codedIn),
    ),
    subject: referenceTo('Patient', patientId),
    occurrencePeriod: windowOf(item),
    note: [{ text: reasonFor(guideline, item, choices, language) }],
  }));
  return {
    resourceType: 'CarePlan',
    contained: filled(contained),
    instantiatesCanonical: [planCanonical(guideline)],
    ...{ status: 'draft', intent: 'proposal' },
    title: guideline.title[language],
    subject: referenceTo('Patient', patientId),
    activity: filled(contained.map(({ id = '' }) => ({ reference: { reference: `#${id}` } }))),
    note: filled(plan.flags.map(({ message }) => ({ text: message[language] }))),
  };
}
