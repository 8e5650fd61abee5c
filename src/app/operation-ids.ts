/** Calls that the rule below would name badly. */
const NAMED: Readonly<Record<string, string>> = {
  'GET /status': 'getStatus',
  'GET /guidelines/{id}/{version}': 'getGuidelineVersion',
  'POST /guidelines': 'storeGuideline',
  'GET /worklist': 'listWorklistItems',
  'GET /worklist-settings': 'getWorklistSettings',
  'PUT /worklist-settings': 'replaceWorklistSettings',
  'GET /calls/next': 'getNextCall',
  'POST /calls': 'recordCall',
  'DELETE /calls/claims': 'releaseCallClaims',
  'POST /worklist/search': 'searchWorklist',
  'POST /worklist/bulk': 'changeWorklistRows',
  'GET /exports/worklist.xlsx': 'exportWorklistSpreadsheet',
  'GET /exports/worklist.csv': 'exportWorklistCsv',
  'GET /exports/audit-events.csv': 'exportAuditEventsCsv',
  'GET /calendar/{token}.ics': 'readCalendar',
  'GET /lists': 'listLists',
  'POST /lists': 'saveList',
  'GET /stream': 'streamChanges',
  'PUT /patients/{id}/presence': 'setPatientPresence',
  'GET /adherence': 'getAdherence',
  'GET /adherence/patients': 'listAdherencePatients',
  'GET /exports/adherence.xlsx': 'exportAdherenceSpreadsheet',
  'GET /exports/adherence.csv': 'exportAdherenceCsv',
  'GET /exports/research-dates.xlsx': 'exportResearchDatesSpreadsheet',
  'GET /exports/research-dates.csv': 'exportResearchDatesCsv',
  'POST /hl7v2': 'receiveMessage',
  'GET /hl7v2-messages': 'listReceivedMessages',
  'GET /hl7v2-messages/{id}': 'getReceivedMessage',
  'POST /hl7v2-messages/{id}/replay': 'replayReceivedMessage',
  'GET /hl7v2-settings': 'getMessageRetention',
  'PUT /hl7v2-settings': 'replaceMessageRetention',
  'GET /hl7v2-senders': 'listMessageSenders',
  'POST /hl7v2-senders': 'registerMessageSender',
  'PATCH /hl7v2-senders/{id}': 'changeMessageSender',
  'POST /mappings': 'storeMapping',
  'POST /mappings/check': 'checkMapping',
  'GET /mappings': 'listMappings',
  'GET /mappings/{id}/{version}': 'getMapping',
  'PUT /mapping-in-force': 'selectMapping',
  'POST /mappings/trial': 'tryMapping',
  'POST /hl7v2-messages/{id}/void': 'voidReceivedMessage',
  'POST /bulk-exports': 'beginBulkExport',
  'GET /inbox': 'listInbox',
  'GET /inbox/{id}': 'getInboxEntry',
  'POST /inbox/{id}/enter': 'enterInboxEntry',
  'POST /inbox/{id}/dismiss': 'dismissInboxEntry',
  'POST /imports': 'importFile',
  'GET /imports': 'listImports',
  'GET /imports/fields': 'listImportFields',
  'GET /imports/mappings': 'listImportMappings',
  'GET /imports/template.xlsx': 'getImportTemplate',
  'GET /imports/{id}/rejected.xlsx': 'getRejectedRows',
  'POST /first-run': 'beginFirstRun',
  'GET /first-run': 'getFirstRun',
  'POST /first-run/finish': 'finishFirstRun',
  'POST /me/password': 'changeMyPassword',
  'POST /me/totp': 'enrolMyTotp',
  'POST /me/totp/confirm': 'confirmMyTotp',
  'DELETE /me/totp': 'removeMyTotp',
  'GET /me/sessions': 'listMySessions',
  'DELETE /me/sessions/{id}': 'endMySession',
  'POST /reviews/{id}/preview': 'previewReview',
  'POST /patients/{id}/preview': 'previewPatientPlan',
  'DELETE /people/{id}/sessions': 'endPersonSessions',
  'DELETE /people/{id}/sessions/{sessionId}': 'endPersonSession',
  'GET /sso/{hospital}/{provider}/start': 'startSingleSignOn',
  'GET /sso/{hospital}/{provider}/callback': 'finishSingleSignOn',
  'POST /sso/{hospital}/{provider}/logout': 'endSingleSignOnSession',
  'PUT /nurse-names': 'mapNurseName',
  'POST /api-clients': 'registerClient',
  'POST /token': 'issueAccessToken',
  'GET /cds-services': 'listCdsServices',
  'POST /cds-services/{service}': 'callCdsService',
  'POST /sign-in': 'signIn',
  'POST /sign-out': 'signOut',
  'POST /patients/search': 'searchPatients',
  'POST /webhook-endpoints/preview': 'previewWebhookEndpoint',
  'POST /webhook-endpoints/{id}/acknowledgements': 'acknowledgeDeliveries',
  'POST /webhook-endpoints/{id}/identity-approval': 'approveWebhookIdentity',
  'POST /webhook-endpoints/{id}/rotate-secret': 'rotateWebhookSecret',
  'POST /webhook-endpoints/{id}/signature-check': 'checkWebhookSignature',
  'POST /webhook-endpoints/{id}/recover': 'recoverDeliveries',
};

const VERBS: Readonly<Record<string, string>> = { put: 'replace', patch: 'update', delete: 'delete' };

/**
 * The name of a call in generated clients, such as `listPatients`. It depends on method and path alone, so that it
 * stays when code is renamed.
 */
export function operationId(method: string, path: string): string {
  const call = path.replace('/api/v1', '');
  const named = NAMED[`${method.toUpperCase()} ${call}`];
  if (named !== undefined) return named;
  const steps = call.split('/').slice(1);
  const nouns = steps.filter((step) => !step.startsWith('{'));
  const last = nouns.at(-1) ?? '';
  const owners = nouns
    .slice(0, -1)
    .map((noun) => pascal(singular(noun)))
    .join('');
  const one = steps.at(-1)?.startsWith('{') ?? false;
  const many = isPlural(last) && !one;
  if (method === 'get') return `${many ? 'list' : 'get'}${owners}${pascal(many ? last : singular(last))}`;
  if (method !== 'post') return `${VERBS[method] ?? method}${owners}${pascal(singular(last))}`;
  // A POST to a list adds to it; a POST to a verb performs it.
  return many ? `create${owners}${pascal(singular(last))}` : `${camel(last)}${owners}`;
}

const isPlural = (noun: string): boolean =>
  (noun === 'people' || noun.endsWith('s')) && !noun.endsWith('ss') && !noun.endsWith('status');

const singular = (noun: string): string => {
  if (noun === 'people') return 'person';
  if (!isPlural(noun)) return noun;
  return noun.endsWith('ies') ? `${noun.slice(0, -3)}y` : noun.slice(0, -1);
};

const pascal = (words: string): string =>
  words
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

const camel = (words: string): string => {
  const name = pascal(words);
  return name.slice(0, 1).toLowerCase() + name.slice(1);
};
