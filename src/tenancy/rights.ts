import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import type { Caller, Role } from './caller.js';
import { FHIR_RIGHTS, FHIR_WRITES } from './fhir-rights.js';

/** The scopes of keys. */
export const SCOPES = [
  'audit:read',
  'guidelines:read',
  'hospitals:read',
  'hospitals:write',
  'patients:read',
  'patients:write',
  'people:read',
  'people:write',
  'imports:write',
  'policy:read',
  'policy:write',
  'self:read',
  'self:write',
  'webhooks:read',
  'webhooks:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who may make one call. */
export interface Right {
  readonly scope: Scope;
  readonly roles: readonly Role[];
  /** Only for signed-in people: the call is about their own account. */
  readonly own?: true;
  /** Changes access rights: people prove their identity again, by POST /me/step-up. Keys do not. */
  readonly stepUp?: true;
  /** Its answer contains a secret that is shown once, so it is not kept for repetition. */
  readonly secret?: true;
  /** A POST that changes nothing. Its answer is not kept, because the call can be repeated. */
  readonly reads?: true;
  /** A POST whose repetition changes nothing and is answered alike, so that it may be carried out again. */
  readonly sameAgain?: true;
  /** Roles that the service refuses instead of the gate, because its refusal lists what they can do with the object. */
  readonly refusedByService?: readonly Role[];
}

const CARE: readonly Role[] = ['nurse', 'head_nurse', 'clinician', 'integration'];
const READERS: readonly Role[] = [...CARE, 'hospital_admin', 'auditor'];
const EVERYBODY: readonly Role[] = [...READERS, 'platform_operator'];
const PLANNERS: readonly Role[] = ['head_nurse', 'clinician', 'hospital_admin'];
const ADMINISTRATORS: readonly Role[] = ['hospital_admin'];
const OPERATORS: readonly Role[] = ['platform_operator'];
const OWN = { scope: 'self:write', roles: EVERYBODY, own: true } as const;
/** Exports of all patients are for machines. */
const BULK = { scope: 'patients:read', roles: ['integration'] } as const;
const TECHNICIANS: readonly Role[] = ['hospital_admin', 'integration'];
/** Head nurses replay and void messages, so they read what a message says and did. */
const MESSAGE_READERS: readonly Role[] = [...TECHNICIANS, 'head_nurse'];

/**
 * The rights of all calls under /api/v1, and of those at /fhir; a call that is not listed here is refused. The caller's `patientScope`
 * determines the patients, and `seesIdentity` the fields.
 */
export const RIGHTS: Readonly<Record<string, Right>> = {
  'GET /guidelines': { scope: 'guidelines:read', roles: EVERYBODY },
  'GET /guidelines/:id': { scope: 'guidelines:read', roles: EVERYBODY },
  'GET /guidelines/:id/:version': { scope: 'guidelines:read', roles: EVERYBODY },
  'POST /guidelines': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'POST /guidelines/comparison': { scope: 'guidelines:read', roles: EVERYBODY, reads: true },
  'GET /event-types': { scope: 'guidelines:read', roles: EVERYBODY },
  'GET /activities': { scope: 'guidelines:read', roles: EVERYBODY },
  'GET /measurements': { scope: 'guidelines:read', roles: EVERYBODY },
  'GET /findings': { scope: 'guidelines:read', roles: EVERYBODY },

  'GET /patients': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/events': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/schedule': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/card': { scope: 'patients:read', roles: CARE },
  'GET /patients/:id/letter': { scope: 'patients:read', roles: CARE },
  'GET /patients/:id/decisions': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/comparison': { scope: 'patients:read', roles: READERS },
  'POST /patients/:id/preview': { scope: 'patients:read', roles: CARE, reads: true },
  'GET /items/:id/reason': { scope: 'patients:read', roles: READERS },
  'GET /worklist': { scope: 'patients:read', roles: READERS },
  'GET /worklist-settings': { scope: 'policy:read', roles: READERS },
  'PUT /worklist-settings': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'POST /worklist/search': { scope: 'patients:read', roles: CARE, reads: true },
  'POST /worklist/bulk': { scope: 'patients:write', roles: CARE },
  'GET /exports/worklist.xlsx': { scope: 'patients:read', roles: CARE },
  'GET /exports/worklist.csv': { scope: 'patients:read', roles: CARE },
  'GET /lists': { scope: 'patients:read', roles: READERS },
  'POST /lists': { scope: 'patients:write', roles: CARE },
  'PATCH /lists/:id': { scope: 'patients:write', roles: CARE },
  'DELETE /lists/:id': { scope: 'patients:write', roles: CARE },
  'GET /stream': { scope: 'patients:read', roles: READERS },
  'PUT /patients/:id/presence': { scope: 'patients:write', roles: CARE },

  'GET /items/:id': { scope: 'patients:read', roles: READERS },
  'GET /items/:id/history': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/steps': { scope: 'patients:read', roles: READERS },
  'POST /items/:id/defer': { scope: 'patients:write', roles: CARE },
  'POST /items/:id/decline': { scope: 'patients:write', roles: CARE },
  'POST /items/:id/contraindicate': {
    scope: 'patients:write',
    roles: ['clinician'],
    refusedByService: ['nurse', 'head_nurse', 'integration'],
  },
  'POST /items/:id/reopen': { scope: 'patients:write', roles: CARE },
  'POST /items/:id/undo': { scope: 'patients:write', roles: CARE },
  'GET /appointments': { scope: 'patients:read', roles: READERS },
  'GET /appointments/:id': { scope: 'patients:read', roles: READERS },
  'GET /patients/:id/appointments': { scope: 'patients:read', roles: READERS },
  'POST /appointments': { scope: 'patients:write', roles: CARE },
  'PATCH /appointments/:id': { scope: 'patients:write', roles: CARE },
  'POST /appointments/:id/outcome': { scope: 'patients:write', roles: CARE },
  'GET /patients/:id/relatives': { scope: 'patients:read', roles: CARE },
  'POST /patients/:id/relatives': { scope: 'patients:write', roles: CARE },
  'PATCH /patients/:id/relatives/:relativeId': { scope: 'patients:write', roles: CARE },
  'DELETE /patients/:id/relatives/:relativeId': { scope: 'patients:write', roles: CARE },
  'GET /patients/:id/contacts': { scope: 'patients:read', roles: CARE },
  'POST /patients/:id/contacts': { scope: 'patients:write', roles: CARE },
  'POST /patients/:id/contacts/:contactId/void': { scope: 'patients:write', roles: CARE },
  'GET /message-templates': { scope: 'policy:read', roles: READERS },
  'PUT /message-templates/:occasion/:lang': {
    scope: 'policy:write',
    roles: ['head_nurse', 'hospital_admin'],
  },
  'GET /message-settings': { scope: 'policy:read', roles: READERS },
  'PUT /message-settings': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'GET /message-gateway': { scope: 'webhooks:read', roles: TECHNICIANS },
  'PUT /message-gateway': { scope: 'webhooks:write', roles: ADMINISTRATORS, stepUp: true },
  'GET /patients/:id/messages': { scope: 'patients:read', roles: CARE },
  'GET /patient-messages/uncertain': { scope: 'patients:read', roles: CARE },
  'POST /patient-messages/:id/settle': { scope: 'patients:write', roles: CARE },
  'POST /patient-messages/replies': {
    scope: 'patients:write',
    roles: ['integration', 'nurse', 'head_nurse'],
  },
  'GET /patient-messages/replies': { scope: 'patients:read', roles: CARE },
  'POST /patient-messages/replies/:id/seen': { scope: 'patients:write', roles: CARE },
  'GET /calls/next': { scope: 'patients:write', roles: CARE },
  'DELETE /calls/claims': { scope: 'patients:write', roles: CARE },
  'POST /calls': { scope: 'patients:write', roles: CARE },

  'POST /hl7v2': { scope: 'patients:write', roles: ['integration'] },
  'GET /hl7v2-messages': { scope: 'patients:read', roles: MESSAGE_READERS },
  'GET /hl7v2-messages/:id': { scope: 'patients:read', roles: MESSAGE_READERS },
  'GET /hl7v2-settings': { scope: 'policy:read', roles: READERS },
  'PUT /hl7v2-settings': { scope: 'policy:write', roles: ADMINISTRATORS },
  'GET /hl7v2-senders': { scope: 'people:read', roles: [...TECHNICIANS, 'auditor'] },
  'POST /hl7v2-senders': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'PATCH /hl7v2-senders/:id': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'POST /hl7v2-messages/:id/replay': { scope: 'patients:write', roles: ['head_nurse', 'integration'] },
  'POST /hl7v2-messages/:id/void': { scope: 'patients:write', roles: ['head_nurse', 'integration'] },
  'GET /inbox': { scope: 'patients:read', roles: READERS },
  'GET /inbox/:id': { scope: 'patients:read', roles: CARE },
  'POST /inbox/:id/enter': { scope: 'patients:write', roles: CARE },
  'POST /inbox/:id/dismiss': { scope: 'patients:write', roles: CARE },
  'POST /mappings/trial': { scope: 'patients:read', roles: TECHNICIANS, reads: true },
  'GET /mappings': { scope: 'policy:read', roles: READERS },
  'GET /mappings/:id/:version': { scope: 'policy:read', roles: READERS },
  'POST /mappings': { scope: 'policy:write', roles: TECHNICIANS },
  'POST /mappings/check': { scope: 'policy:read', roles: TECHNICIANS, reads: true },
  'PUT /mapping-in-force': { scope: 'policy:write', roles: ADMINISTRATORS },
  ...FHIR_RIGHTS,
  ...FHIR_WRITES,

  'GET /bulk-exports': { scope: 'patients:read', roles: TECHNICIANS },
  'POST /bulk-exports': BULK,
  'DELETE /bulk-exports/:id': { scope: 'patients:read', roles: TECHNICIANS },
  'GET /fhir/$export': BULK,
  'GET /fhir/Patient/$export': BULK,
  'GET /fhir/bulk-exports/:id': BULK,
  'DELETE /fhir/bulk-exports/:id': BULK,
  'GET /fhir/bulk-exports/:id/:file': BULK,
  'POST /cds-services/:service': { scope: 'patients:read', roles: CARE, reads: true },

  'GET /patients/:id/consents': { scope: 'patients:read', roles: READERS },
  'POST /patients/:id/consents': { scope: 'patients:write', roles: CARE },
  'GET /patients/:id/export': { scope: 'patients:read', roles: ['head_nurse', 'clinician'] },
  'POST /patients/:id/erase': { scope: 'patients:write', roles: ADMINISTRATORS },
  'POST /patients/search': { scope: 'patients:read', roles: CARE, reads: true },
  'POST /patients': { scope: 'patients:write', roles: CARE },
  'PATCH /patients/:id': { scope: 'patients:write', roles: CARE },
  'POST /patients/:id/events': { scope: 'patients:write', roles: CARE, sameAgain: true },
  'POST /patients/:id/events/:eventId/void': { scope: 'patients:write', roles: CARE },
  'POST /items/:id/complete': { scope: 'patients:write', roles: CARE },
  'POST /results/:id/seen': { scope: 'patients:write', roles: ['nurse', 'head_nurse', 'clinician'] },
  'GET /reviews': { scope: 'patients:read', roles: READERS },
  'POST /reviews/:id/preview': { scope: 'patients:read', roles: ['clinician'], reads: true },
  'POST /reviews/:id/judgement': { scope: 'patients:write', roles: ['clinician'] },
  'POST /reviews/:id/undo': { scope: 'patients:write', roles: ['clinician'] },
  'POST /patients/:id/decisions': { scope: 'patients:write', roles: CARE },
  'POST /patients/:id/decisions/:decisionId/revoke': { scope: 'patients:write', roles: CARE },
  'POST /patients/:id/merge': { scope: 'patients:write', roles: ['head_nurse', 'clinician'] },
  'GET /patients/:id/merges': { scope: 'patients:read', roles: READERS },
  'POST /merges/:id/undo': { scope: 'patients:write', roles: ['head_nurse', 'clinician'] },
  'GET /patients/duplicates': { scope: 'patients:read', roles: CARE },
  'POST /patients/duplicates/dismissals': { scope: 'patients:write', roles: ['head_nurse', 'clinician'] },
  'GET /patients/:id/owner': { scope: 'patients:read', roles: READERS },
  'PUT /patients/:id/owner': { scope: 'patients:write', roles: [...CARE, 'hospital_admin'] },
  'GET /patients/unowned': { scope: 'patients:read', roles: READERS },
  'GET /owners': { scope: 'patients:read', roles: ['head_nurse', 'clinician', 'hospital_admin', 'auditor'] },
  'GET /owners/people': { scope: 'patients:read', roles: READERS },
  'GET /owners/:id': { scope: 'patients:read', roles: READERS },
  'GET /handovers': { scope: 'patients:read', roles: READERS },
  'POST /handovers': {
    scope: 'patients:write',
    roles: ['nurse', 'head_nurse', 'clinician', 'hospital_admin'],
  },
  'DELETE /handovers/:id': {
    scope: 'patients:write',
    roles: ['nurse', 'head_nurse', 'clinician', 'hospital_admin'],
  },
  'GET /patients/:id/visits': { scope: 'patients:read', roles: READERS },
  'GET /calendar': { scope: 'patients:read', roles: READERS },
  'GET /calendar/leveling': { scope: 'patients:read', roles: READERS },
  'GET /forecast': { scope: 'patients:read', roles: READERS },
  'GET /capacities': { scope: 'policy:read', roles: READERS },
  'PUT /capacities': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'GET /work-calendar': { scope: 'policy:read', roles: READERS },
  'PUT /work-calendar/days/:date': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'DELETE /work-calendar/days/:date': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'POST /work-calendar/imports': { scope: 'policy:write', roles: ['head_nurse', 'hospital_admin'] },
  'GET /adherence': { scope: 'patients:read', roles: READERS },
  'GET /adherence/months': { scope: 'patients:read', roles: READERS },
  'GET /adherence/patients': { scope: 'patients:read', roles: READERS },
  'GET /research-dates': { scope: 'patients:read', roles: ['head_nurse', 'clinician'] },
  'GET /patients/:id/research-dates': { scope: 'patients:read', roles: ['head_nurse', 'clinician'] },
  'GET /exports/adherence.xlsx': { scope: 'patients:read', roles: READERS },
  'GET /exports/adherence.csv': { scope: 'patients:read', roles: READERS },
  'GET /exports/research-dates.xlsx': { scope: 'patients:read', roles: ['head_nurse', 'clinician'] },
  'GET /exports/research-dates.csv': { scope: 'patients:read', roles: ['head_nurse', 'clinician'] },
  'POST /inspection-reports': { scope: 'patients:write', roles: PLANNERS },
  'GET /inspection-reports': { scope: 'patients:read', roles: READERS },
  'GET /inspection-reports/:id': { scope: 'patients:read', roles: READERS },
  'GET /inspection-reports/:id/verification': { scope: 'patients:read', roles: READERS },
  'GET /inspection-reports/:id/page': { scope: 'patients:read', roles: READERS },
  'GET /inspection-reports/:id/spreadsheet': { scope: 'patients:read', roles: READERS },

  'GET /calendar-feeds': { scope: 'patients:read', roles: [...CARE, 'hospital_admin'] },
  'POST /calendar-feeds': { scope: 'patients:read', roles: CARE, secret: true },
  'DELETE /calendar-feeds/:id': { scope: 'patients:read', roles: [...CARE, 'hospital_admin'] },
  'POST /imports': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },
  'GET /imports': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },
  'GET /imports/fields': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },
  'GET /imports/mappings': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },
  'GET /imports/template.xlsx': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },
  'GET /imports/:id/rejected.xlsx': { scope: 'imports:write', roles: ['head_nurse', 'integration'] },

  'GET /policy': { scope: 'policy:read', roles: READERS },
  'GET /plan-changes': { scope: 'policy:read', roles: PLANNERS },
  'GET /plan-changes/:id': { scope: 'policy:read', roles: PLANNERS },
  'GET /plan-changes/:id/examples': { scope: 'patients:read', roles: PLANNERS },
  'POST /plan-changes': { scope: 'policy:write', roles: PLANNERS },
  'POST /plan-changes/:id/discard': { scope: 'policy:write', roles: PLANNERS },
  'POST /plan-changes/:id/apply': { scope: 'policy:write', roles: ['clinician', 'hospital_admin'] },
  'POST /plan-changes/:id/undo': { scope: 'policy:write', roles: ['clinician', 'hospital_admin'] },

  'GET /audit-events': { scope: 'audit:read', roles: ['auditor'] },
  'GET /audit-events/seals': { scope: 'audit:read', roles: ['auditor'] },
  'GET /exports/audit-events.csv': { scope: 'audit:read', roles: ['auditor'] },

  'GET /departments': { scope: 'policy:read', roles: READERS },

  'GET /nurse-names': { scope: 'people:read', roles: ['head_nurse', 'hospital_admin', 'auditor'] },
  // Decides which patients nurses see who are limited to their own.
  'PUT /nurse-names': { scope: 'people:write', roles: ['head_nurse', 'hospital_admin'], stepUp: true },

  'GET /me': { scope: 'self:read', roles: EVERYBODY },
  'POST /sign-out': OWN,
  'PATCH /me': OWN,
  'POST /me/password': { ...OWN, secret: true },
  'POST /me/step-up': OWN,
  'POST /me/totp': { ...OWN, secret: true },
  'POST /me/totp/confirm': { ...OWN, secret: true },
  'DELETE /me/totp': OWN,
  'GET /me/sessions': OWN,
  'DELETE /me/sessions/:id': OWN,

  'GET /people': { scope: 'people:read', roles: [...ADMINISTRATORS, 'auditor'] },
  'GET /people/:id': { scope: 'people:read', roles: [...ADMINISTRATORS, 'auditor'] },
  'POST /people': { scope: 'people:write', roles: ADMINISTRATORS, secret: true, stepUp: true },
  'PATCH /people/:id': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'POST /people/:id/reset': { scope: 'people:write', roles: ADMINISTRATORS, secret: true, stepUp: true },
  'GET /people/:id/sessions': { scope: 'people:read', roles: ADMINISTRATORS },
  'DELETE /people/:id/sessions': { scope: 'people:write', roles: ADMINISTRATORS },
  'DELETE /people/:id/sessions/:sessionId': { scope: 'people:write', roles: ADMINISTRATORS },
  'GET /api-keys': { scope: 'people:read', roles: [...ADMINISTRATORS, 'auditor'] },
  'POST /api-keys': { scope: 'people:write', roles: ADMINISTRATORS, secret: true, stepUp: true },
  'POST /api-clients': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'DELETE /api-keys/:id': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },

  'GET /people/:id/identities': { scope: 'people:read', roles: ADMINISTRATORS },
  'POST /people/:id/identities': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'POST /people/:id/identities/unlink': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'GET /second-factor-requirement': { scope: 'people:read', roles: [...ADMINISTRATORS, 'auditor'] },
  'PUT /second-factor-requirement': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'GET /sso-providers': { scope: 'people:read', roles: [...ADMINISTRATORS, 'auditor'] },
  'POST /sso-providers': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'PATCH /sso-providers/:id': { scope: 'people:write', roles: ADMINISTRATORS, stepUp: true },
  'POST /sso-providers/:id/test': { scope: 'people:write', roles: ADMINISTRATORS, reads: true },

  'GET /first-run': { scope: 'people:read', roles: ADMINISTRATORS },
  'POST /first-run/finish': { scope: 'people:write', roles: ADMINISTRATORS },

  'GET /hospitals': { scope: 'hospitals:read', roles: OPERATORS },
  'POST /hospitals': { scope: 'hospitals:write', roles: OPERATORS, secret: true, stepUp: true },
  'PATCH /hospitals/:id': { scope: 'hospitals:write', roles: OPERATORS, stepUp: true },

  'GET /webhook-endpoints': { scope: 'webhooks:read', roles: TECHNICIANS },
  'GET /webhook-endpoints/:id': { scope: 'webhooks:read', roles: TECHNICIANS },
  'GET /webhook-endpoints/:id/deliveries': { scope: 'webhooks:read', roles: TECHNICIANS },
  'POST /webhook-endpoints': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/preview': { scope: 'webhooks:write', roles: TECHNICIANS, reads: true },
  'PATCH /webhook-endpoints/:id': { scope: 'webhooks:write', roles: TECHNICIANS },
  'DELETE /webhook-endpoints/:id': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/:id/rotate-secret': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/:id/signature-check': { scope: 'webhooks:write', roles: TECHNICIANS, reads: true },
  'POST /webhook-endpoints/:id/test': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/:id/verify': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/:id/identity-approval': {
    scope: 'webhooks:write',
    roles: ADMINISTRATORS,
    stepUp: true,
  },
  'POST /webhook-endpoints/:id/recover': { scope: 'webhooks:write', roles: TECHNICIANS },
  'POST /webhook-endpoints/:id/acknowledgements': { scope: 'webhooks:write', roles: TECHNICIANS },
  'GET /status': { scope: 'webhooks:read', roles: [...TECHNICIANS, 'head_nurse'] },
  'GET /events': { scope: 'webhooks:read', roles: TECHNICIANS },
  'POST /deliveries/:id/replay': { scope: 'webhooks:write', roles: TECHNICIANS },
};

/** Calls before the caller is known; each decides itself whom to admit. */
export const OPEN_CALLS: readonly string[] = [
  'GET /calendar/:token.ics',
  'GET /cds-services',
  'GET /fhir/metadata',
  'POST /first-run',
  'POST /sign-in',
  'GET /sign-in-options/:hospital',
  'GET /sso/:hospital/:provider/start',
  'GET /sso/:hospital/:provider/callback',
  'POST /sso/:hospital/:provider/logout',
  'POST /token',
  'GET /fhir/.well-known/smart-configuration',
];

/** Whether the caller may make the call; the database determines which rows the call then finds. */
export function mayCall(
  { kind, roles, scopes }: Pick<Caller, 'kind' | 'roles' | 'scopes'>,
  { scope, roles: allowed, own }: Right,
): boolean {
  if (own && kind !== 'person') return false;
  return roles.some((role) => allowed.includes(role)) && (scopes === null || scopes.includes(scope));
}

/** Whether the gate leaves the refusal of the call to its service. */
export const isRefusedByService = (
  caller: Pick<Caller, 'kind' | 'roles' | 'scopes'>,
  right: Right,
): boolean =>
  right.refusedByService !== undefined && mayCall(caller, { ...right, roles: right.refusedByService });

/**
 * Refuses (403) a session that first needs a fresh proof, or the second factor that the hospital requires. Without
 * that factor, people can only use their own account, where they enrol one.
 */
export function refuseUnproven(
  call: string,
  { session }: Pick<Caller, 'session'>,
  { stepUp, own }: Right,
): void {
  if (session?.lacksSecondFactor && !own && call !== 'GET /me')
    throw new DomainError('forbidden', 'second-factor-needed', msg('second-factor-needed'));
  if (session && stepUp && !session.steppedUp)
    throw new DomainError('forbidden', 'step-up-required', msg('step-up-required', { call }));
}

/**
 * Whether the caller may see name, phone and identity number; other callers see only the hospital's number of the
 * patient.
 */
export const seesIdentity = ({ kind, roles }: Pick<Caller, 'kind' | 'roles'>): boolean =>
  kind === 'program' || roles.some((role) => CARE.includes(role));
