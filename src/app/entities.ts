import { ApiKey } from '../accounts/api-key.entity.js';
import { Hospital } from '../tenancy/hospital.entity.js';
import { HospitalBeginning } from '../tenancy/hospital-beginning.entity.js';
import { HospitalMove } from '../tenancy/hospital-move.entity.js';
import { Person } from '../accounts/person.entity.js';
import { PolicyVersion } from '../tenancy/policy/policy-version.entity.js';
import { StoredGuideline } from '../tenancy/policy/stored-guideline.entity.js';
import { Session } from '../accounts/sign-in/session.entity.js';
import { SsoProvider } from '../accounts/single-sign-on/sso-provider.entity.js';
import { ClinicalEvent } from '../patients/clinical-event.entity.js';
import { PatientSeen } from '../patients/patient-seen.js';
import { PatientConsent } from '../patients/patient-consent.entity.js';
import { Patient } from '../patients/patient.entity.js';
import { DeliveryAttempt } from '../webhooks/deliveries/delivery-attempt.entity.js';
import { Delivery } from '../webhooks/deliveries/delivery.entity.js';
import { Reminder } from '../reminders/reminder.entity.js';
import { WebhookEndpoint } from '../webhooks/endpoints/webhook-endpoint.entity.js';
import { PolicyRollout } from '../schedules/policy-changes/policy-rollout.entity.js';
import { RecordMerge } from '../worklist/record-merges/record-merge.entity.js';
import { ClinicalDecision } from '../schedules/clinical-decision.entity.js';
import { Appointment, AppointmentItem } from '../worklist/appointments/appointment.entity.js';
import { ItemStepRecord } from '../worklist/steps/item-step.entity.js';
import { SurveillanceEvent } from '../schedules/surveillance-event.entity.js';
import { Contact } from '../worklist/contacts/contact.entity.js';
import { PatientContact } from '../worklist/contacts/patient-contact.entity.js';
import { PatientRelative } from '../worklist/contacts/patient-relative.entity.js';
import { ReviewOutcome } from '../worklist/results/review-outcome.entity.js';
import { SurveillanceItem } from '../schedules/surveillance-item.entity.js';

export const ENTITIES = [
  Hospital,
  HospitalBeginning,
  HospitalMove,
  PolicyVersion,
  StoredGuideline,
  ApiKey,
  Person,
  Session,
  SsoProvider,
  Patient,
  PatientConsent,
  ClinicalEvent,
  ClinicalDecision,
  SurveillanceItem,
  SurveillanceEvent,
  ItemStepRecord,
  Appointment,
  AppointmentItem,
  PolicyRollout,
  PatientRelative,
  Contact,
  PatientContact,
  RecordMerge,
  ReviewOutcome,
  Reminder,
  WebhookEndpoint,
  Delivery,
  DeliveryAttempt,
];

export const SUBSCRIBERS = [PatientSeen];
