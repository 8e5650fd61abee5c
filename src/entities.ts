import { ApiKey } from './access/api-key.entity.js';
import { Hospital } from './access/hospital.entity.js';
import { Person } from './access/person.entity.js';
import { PolicyVersion } from './access/policy-version.entity.js';
import { Session } from './access/session.entity.js';
import { SsoProvider } from './access/sso-provider.entity.js';
import { ClinicalEvent } from './patients/clinical-event.entity.js';
import { PatientSeen } from './patients/patient-seen.js';
import { PatientConsent } from './patients/patient-consent.entity.js';
import { Patient } from './patients/patient.entity.js';
import { DeliveryAttempt } from './reminders/delivery-attempt.entity.js';
import { Delivery } from './reminders/delivery.entity.js';
import { Reminder } from './reminders/reminder.entity.js';
import { WebhookEndpoint } from './reminders/webhook-endpoint.entity.js';
import { HospitalPlanChange } from './schedules/plan-change.entity.js';
import { ClinicalDecision } from './schedules/clinical-decision.entity.js';
import { SurveillanceEvent } from './schedules/surveillance-event.entity.js';
import { SurveillanceItem } from './schedules/surveillance-item.entity.js';

export const ENTITIES = [
  Hospital,
  PolicyVersion,
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
  HospitalPlanChange,
  Reminder,
  WebhookEndpoint,
  Delivery,
  DeliveryAttempt,
];

export const SUBSCRIBERS = [PatientSeen];
