/** What an answer holds without a bound in the API document, and what bounds it. */
export const BOUNDED_BY: Readonly<Record<string, string>> = {
  'the roles that there are (tenancy/caller.ts)': 'AuditEvent.roles PatientExport.seenBy[].roles',
  'the 50 departments of a key or account (tenancy/departments.ts)':
    'NewWebhookEndpoint.limits.departments WebhookEndpoint.limits.departments',
  'the event types that there are (webhooks/messages/event-types.ts)':
    'NewWebhookEndpoint.eventTypes WebhookEndpoint.eventTypes',
  'the 2,000 items of a plan (schedules/plan-size-check.ts)': `
    Comparison.differences Comparison.differences[].next Comparison.guidelines[].items Preview.changes Schedule.items
    Schedule.unassigned`,
  'ten guidelines compared (schedules/previews/preview.controller.ts)': 'Comparison.guidelines',
  'the 500 events of a patient and their 20 values each (patients/event-history.ts)': 'Schedule.toJudge',
  '100 laboratories and the measurements of a guideline (schedules/policy-changes/policy-faults.ts)':
    'HospitalPolicy.laboratoryLimits.* HospitalPolicy.laboratoryLimits.*.*',
  '20 values of an event (patients/clinical-event-input.ts)': `
    ClinicalEvent.toJudge ClinicalEvent.values CompletedItem.event.toJudge CompletedItem.event.values
    RecordedEvent.event.toJudge RecordedEvent.event.values Result.toJudge Result.values Review.event.toJudge
    Review.event.values`,
  'a guideline file, 200,000 characters (exchange/guideline-files.service.ts)': `
    Activities.items Activity.outcomes EventType.fields EventType.fields[].values EventTypes.items
    Comparison.guidelines[].flags Comparison.guidelines[].items[].covers Guideline.covers.* Guideline.flags
    Guideline.pathways Guideline.rules Guideline.rules[].activity Guideline.sources Guidelines.items[].sources
    HospitalPolicy.rules.* ItemReason.en.wouldChange ItemReason.zh.wouldChange Preview.switchedOff
    ReminderPolicy.activities.* RuleDecision.phases.* Schedule.flags Schedule.switchedOff
    StoredGuideline.noLongerAskedFor SurveillanceItem.covers ScheduledItem.covers BookedItem.covers ItemAtWork.covers SwitchedOffRule.activities SwitchedOffRule.missing
    SwitchedOffRule.missing[].covers WorklistItem.covers`,
  '50 code systems of a mapping file (exchange/mappings/mapping-file.ts)': 'MappingFile.systems.*',
  '100 stored files and the published guidelines (exchange/guideline-files.service.ts)': 'Guidelines.items',
  'the measurements that there are (guideline/)': `
    HospitalPolicy.referenceLimits.* Measurement.comparators Measurement.otherUnits.* Measurements.items`,
  '20,000 rows of an import (exchange/imports/rows/csv.ts), 1,000 errors shown of all, and 1,000 warned rows': `
    ImportReport.rows ImportReport.rows[].errors ImportReport.rows[].possibleDuplicates ImportReport.rows[].warnings`,
  '20,000 rows of an import; a page names 20,000 patients (audit/audit.controller.ts)': 'AuditEvent.patients',
  '5,000 rows of a table (exchange/patient-data/patient-export.ts)':
    'PatientExport.incomplete PatientExport.records.*',
  'the calls that there are, for each caller and day that the audit trail is kept': `
    PatientExport.seenBy PatientExport.seenBy[].calls`,
  '50 endpoints of a hospital (webhooks/webhook-endpoints.service.ts)': 'Status.endpoints',
  'what the operator sets up': 'Hospital.networks HospitalCreated.networks Status.administratorKeys',
  '200 values of a claim (accounts/single-sign-on/sso-schemas.ts)': 'SsoProvider.roleMap.*',
  'what a check looks for (webhooks/sending/signature-check.ts)': 'SignatureCheck.findings',
  'the items of one appointment (worklist/appointments/appointment-schemas.ts)': `
    AppointmentAnswer.consequences AppointmentAnswer.items`,
  'the items of one plan (schedules/plan-size-check.ts)': 'PatientExport.plannedItems',
  'the newest 50 steps of an item (worklist/steps/step-history.ts)': 'ItemAnswer.history',
  'the steps that there are (worklist/steps/item-transitions.ts)': `
    ItemAnswer.possible PossibleStep.needs PossibleStep.reasons PossibleStep.takes`,
  'the ladder and the texts of the settings of the ward (worklist/settings/)': `
    ContactState.ladder WorklistSettings.calls.preparation.*`,
  'the open items, numbers and newest contacts of one patient (worklist/calls/calls.service.ts)': `
    NextCall.call.items NextCall.call.lastContacts NextCall.call.numbers
    RecordedCall.call.items RecordedCall.call.lastContacts RecordedCall.call.numbers`,
  '20 relatives of a patient (worklist/contacts/relatives.service.ts)': 'Relatives.items',
  'a page of 100 patients or items (worklist/lists/worklist.controller.ts)': 'FoundInWorklist.items',
  'the open items of one patient (schedules/plan-size-check.ts)': `
    WorklistPatient.items WorklistPatient.items[].covers`,
  'the lists that there are, and the saved ones of a caller and a hospital (worklist/lists/saved-lists.service.ts)': `
    Lists.lists Lists.saved`,
  'the people who have worked on one patient within a minute (worklist/changes/presence.service.ts)': `
    Presence.workingNow WorklistItem.workingNow WorklistPatient.workingNow`,
  '200 targets of a request, and the fields of one call (worklist/bulk/bulk-schemas.ts)': `
    WorklistBulkResult.results WorklistBulkResult.results[].problem.errors`,
  '500 patients of a handover (worklist/handovers/handovers.service.ts)': 'Handover.patientIds',
  'the accounts of a hospital that can own patients (worklist/ownership/)': `
    OwnWorkload.coveredPeople Ownership.people Review.escalatedPeople PatientOwners.owners[].people PossibleOwners.items Workload.coveredPeople Workloads.items`,
  'the activities of a guideline, and three duties (worklist/ownership/)': `
    OwnWorkload.items PatientOwners.named PatientOwners.owners`,
  'the fields of a patient, and the channels of consent (worklist/record-merges/)': `
    MergedRecords.differences MergedRecords.filled MergedRecords.withdrawals`,
  '200 merges of a patient (worklist/record-merges/record-merges.service.ts)': 'RecordMerges.items',
  'the kinds of violation (monitoring/delivery-audit.ts)': 'Status.examination.violations.*',
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Where the schema has lists without `maxItems` and maps, each named from the schema of the document that it is in. */
export function unboundedIn(
  schema: Schema,
  named: Readonly<Record<string, Schema>>,
  path: string,
  inside: readonly string[] = [],
): string[] {
  const { $ref, type, items, maxItems, properties = {}, additionalProperties: other } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1)!;
    return inside.includes(name) ? [] : unboundedIn(named[name]!, named, name, [...inside, name]);
  }
  const below = (one: Schema, at: string): string[] => unboundedIn(one, named, at, inside);
  const isMap = typeof other === 'object' && Object.keys(other).length > 0;
  return [
    ...(type === 'array' && maxItems === undefined ? [path] : []),
    ...(items === undefined ? [] : below(items, `${path}[]`)),
    ...(isMap ? [`${path}.*`, ...below(other, `${path}.*`)] : []),
    ...Object.entries(properties).flatMap(([name, one]) => below(one, `${path}.${name}`)),
    ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((some) =>
      (some ?? []).flatMap((one) => below(one, path)),
    ),
  ];
}
