import { type Arguments, type Message, messagesOf, rendered } from '../../guideline/message.js';
import type { Language } from '../../guideline/guideline.js';
import { GUIDELINE_MESSAGES } from '../../guideline/messages.js';
import { MEASUREMENT_MESSAGES } from '../../guideline/measurement-messages.js';
import { ACCOUNT_MESSAGES } from './accounts.js';
import { APPOINTMENT_MESSAGES } from './appointments.js';
import { AUDIT_TRAIL_MESSAGES } from './audit-trail.js';
import { BACKUP_MESSAGES } from './backup.js';
import { BULK_EXPORT_MESSAGES } from './bulk-export.js';
import { START_MESSAGES } from './start.js';
import { CALENDAR_FEED_MESSAGES } from './calendar-feeds.js';
import { CDS_HOOKS_MESSAGES } from './cds-hooks.js';
import { COMMAND_LINE_MESSAGES } from './command-line.js';
import { CONTACT_MESSAGES } from './contacts.js';
import { EXPORT_MESSAGES } from './exports.js';
import { INPUT_MESSAGES } from './input.js';
import { IMPORT_MESSAGES } from './imports.js';
import { SCHEDULE_MESSAGES } from './schedules.js';
import { LIST_MESSAGES } from './lists.js';
import { WEBHOOK_MESSAGES } from './webhooks.js';
import { SIGNATURE_FINDING_MESSAGES } from './signature-findings.js';
import { OWNERSHIP_MESSAGES } from './ownership.js';
import { NOT_FOUND_MESSAGES } from './not-found.js';
import { PATIENT_IDENTITY_MESSAGES } from './patient-identity.js';
import { PATIENT_MESSAGES } from './patients.js';
import { PATIENT_MESSAGE_MESSAGES } from './patient-messages.js';
import { PRINTED_PAGE_MESSAGES } from './printed-pages.js';
import { RECORD_MERGE_MESSAGES } from './record-merges.js';
import { REQUEST_MESSAGES } from './requests.js';
import { RESULT_MESSAGES } from './results.js';
import { SIGN_IN_MESSAGES } from './sign-in.js';
import { HEALTH_MESSAGES } from './health.js';
import { FHIR_MESSAGES } from './fhir.js';
import { FHIR_IN_MESSAGES } from './fhir-in.js';
import { HL7_MESSAGES } from './hl7.js';
import { HOSPITAL_MOVE_MESSAGES } from './hospital-moves.js';
import { INBOUND_MESSAGES } from './inbound.js';
import { MAPPING_MESSAGES } from './mappings.js';
import { IMPORT_TEMPLATE_MESSAGES } from './import-template.js';
import { SPREADSHEET_MESSAGES } from './spreadsheets.js';
import { START_WAIT_MESSAGES } from './start-waits.js';
import { STATISTICS_MESSAGES } from './statistics.js';
import { STEP_MESSAGES } from './steps.js';
import { CAPACITY_MESSAGES } from './capacity.js';
import { VISIT_MESSAGES } from './visits.js';
import { WORK_CALENDAR_MESSAGES } from './work-calendar.js';

/**
 * Every text that people read, in Chinese and English. To add one:
 *
 * 1. Add an entry to the file of its subject: `'mrn-taken': { en: '… {mrn} …', zh: '… {mrn} …' }`. List a new file in
 *    SUBJECTS below. Where a text belongs to a problem, its key is the problem's code.
 * 2. Use it: `throw new DomainError('conflict', 'mrn-taken', msg('mrn-taken', { mrn }))`, in a field error `message:
 *    msg(…)`, and in a zod schema `.refine(check, issue('key'))`, with `issue` of issues.ts.
 *
 * The edge then renders it in the reader's language. An unknown key, a missing language and a missing parameter do
 * not compile.
 */
export const SUBJECTS = {
  ACCOUNT_MESSAGES,
  AUDIT_TRAIL_MESSAGES,
  BACKUP_MESSAGES,
  BULK_EXPORT_MESSAGES,
  START_MESSAGES,
  CALENDAR_FEED_MESSAGES,
  CDS_HOOKS_MESSAGES,
  COMMAND_LINE_MESSAGES,
  CONTACT_MESSAGES,
  EXPORT_MESSAGES,
  GUIDELINE_MESSAGES,
  MEASUREMENT_MESSAGES,
  INPUT_MESSAGES,
  IMPORT_MESSAGES,
  SPREADSHEET_MESSAGES,
  IMPORT_TEMPLATE_MESSAGES,
  SCHEDULE_MESSAGES,
  LIST_MESSAGES,
  WEBHOOK_MESSAGES,
  SIGNATURE_FINDING_MESSAGES,
  NOT_FOUND_MESSAGES,
  OWNERSHIP_MESSAGES,
  PATIENT_MESSAGES,
  PATIENT_MESSAGE_MESSAGES,
  PATIENT_IDENTITY_MESSAGES,
  PRINTED_PAGE_MESSAGES,
  RECORD_MERGE_MESSAGES,
  REQUEST_MESSAGES,
  RESULT_MESSAGES,
  SIGN_IN_MESSAGES,
  HEALTH_MESSAGES,
  FHIR_MESSAGES,
  FHIR_IN_MESSAGES,
  HL7_MESSAGES,
  HOSPITAL_MOVE_MESSAGES,
  INBOUND_MESSAGES,
  MAPPING_MESSAGES,
  START_WAIT_MESSAGES,
  STATISTICS_MESSAGES,
  STEP_MESSAGES,
  APPOINTMENT_MESSAGES,
  WORK_CALENDAR_MESSAGES,
  VISIT_MESSAGES,
  CAPACITY_MESSAGES,
} as const;

const DICTIONARY = {
  ...SUBJECTS.ACCOUNT_MESSAGES,
  ...SUBJECTS.AUDIT_TRAIL_MESSAGES,
  ...SUBJECTS.BACKUP_MESSAGES,
  ...SUBJECTS.START_MESSAGES,
  ...SUBJECTS.BULK_EXPORT_MESSAGES,
  ...SUBJECTS.CALENDAR_FEED_MESSAGES,
  ...SUBJECTS.CDS_HOOKS_MESSAGES,
  ...SUBJECTS.COMMAND_LINE_MESSAGES,
  ...SUBJECTS.CONTACT_MESSAGES,
  ...SUBJECTS.EXPORT_MESSAGES,
  ...SUBJECTS.GUIDELINE_MESSAGES,
  ...SUBJECTS.MEASUREMENT_MESSAGES,
  ...SUBJECTS.INPUT_MESSAGES,
  ...SUBJECTS.IMPORT_MESSAGES,
  ...SUBJECTS.SPREADSHEET_MESSAGES,
  ...SUBJECTS.IMPORT_TEMPLATE_MESSAGES,
  ...SUBJECTS.SCHEDULE_MESSAGES,
  ...SUBJECTS.LIST_MESSAGES,
  ...SUBJECTS.WEBHOOK_MESSAGES,
  ...SUBJECTS.SIGNATURE_FINDING_MESSAGES,
  ...SUBJECTS.NOT_FOUND_MESSAGES,
  ...SUBJECTS.OWNERSHIP_MESSAGES,
  ...SUBJECTS.PATIENT_MESSAGES,
  ...SUBJECTS.PATIENT_MESSAGE_MESSAGES,
  ...SUBJECTS.PATIENT_IDENTITY_MESSAGES,
  ...SUBJECTS.PRINTED_PAGE_MESSAGES,
  ...SUBJECTS.RECORD_MERGE_MESSAGES,
  ...SUBJECTS.REQUEST_MESSAGES,
  ...SUBJECTS.RESULT_MESSAGES,
  ...SUBJECTS.SIGN_IN_MESSAGES,
  ...SUBJECTS.HEALTH_MESSAGES,
  ...SUBJECTS.FHIR_MESSAGES,
  ...SUBJECTS.FHIR_IN_MESSAGES,
  ...SUBJECTS.HL7_MESSAGES,
  ...SUBJECTS.HOSPITAL_MOVE_MESSAGES,
  ...SUBJECTS.INBOUND_MESSAGES,
  ...SUBJECTS.MAPPING_MESSAGES,
  ...SUBJECTS.START_WAIT_MESSAGES,
  ...SUBJECTS.STATISTICS_MESSAGES,
  ...SUBJECTS.STEP_MESSAGES,
  ...SUBJECTS.APPOINTMENT_MESSAGES,
  ...SUBJECTS.WORK_CALENDAR_MESSAGES,
  ...SUBJECTS.VISIT_MESSAGES,
  ...SUBJECTS.CAPACITY_MESSAGES,
};

export type MessageKey = keyof typeof DICTIONARY;
export type MessageArguments<K extends MessageKey> = Arguments<(typeof DICTIONARY)[K]['en']>;

/** A text for people: its key and the values of its placeholders. */
export const msg = messagesOf<typeof DICTIONARY>();

/** Several messages, each on a line of its own. */
export const lines = (messages: readonly Message[]): Message =>
  messages.reduce((before, after) => msg('two-lines', { before, after }));

/** The message in the reader's `language`. */
export const render = (message: Message, language: Language): string =>
  rendered(message, language, DICTIONARY);
