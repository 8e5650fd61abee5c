import type { Consent } from 'fhir/r4.js';
import { codingsOf, concept, hl7Concept } from '../../../interop/fhir/codes.js';
import { type PatientRecord, referenceTo, type ResourceContext, versioned } from './patient-record.js';

/** The patient's decisions about channels of messages. Of each channel the newest is active. */
export const consentResources = (
  { patient, consents }: PatientRecord,
  { codedIn }: ResourceContext,
): Consent[] =>
  consents.map(({ id, channel, decision, decidedOn, recordedAt, isNewest }) =>
    versioned<Consent>(
      {
        ...{ resourceType: 'Consent', id, status: isNewest ? 'active' : 'inactive' },
        scope: hl7Concept('consentscope', 'patient-privacy'),
        category: [{ coding: codingsOf(['59284-0'], codedIn) }],
        patient: referenceTo('Patient', patient.id),
        dateTime: decidedOn,
        policyRule: hl7Concept('v3-ActCode', decision === 'given' ? 'OPTIN' : 'OPTOUT'),
        provision: {
          type: decision === 'given' ? 'permit' : 'deny',
          code: [concept('consent-channel', channel, undefined)],
        },
      },
      recordedAt,
    ),
  );
