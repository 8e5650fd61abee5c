import { ACCESS_TABLES } from '../access/personal-data.js';
import { ACCOUNTS_TABLES } from '../accounts/personal-data.js';
import { AUDIT_TABLES } from '../audit/personal-data.js';
import { ENCRYPTION_TABLES } from '../encryption/personal-data.js';
import type { TableDeclaration } from '../encryption/table-declaration.js';
import { BULK_EXPORT_TABLES } from '../exchange/bulk-export/personal-data.js';
import { FHIR_SOURCE_TABLES } from '../exchange/fhir/inbound/personal-data.js';
import { HL7_TABLES } from '../exchange/hl7/personal-data.js';
import { INBOUND_TABLES } from '../exchange/inbound/personal-data.js';
import { MAPPINGS_TABLES } from '../exchange/mappings/personal-data.js';
import { IMPORTS_TABLES } from '../exchange/imports/personal-data.js';
import { MONITORING_TABLES } from '../monitoring/personal-data.js';
import { PATIENT_MESSAGES_TABLES } from '../patient-messages/personal-data.js';
import { PATIENTS_TABLES } from '../patients/personal-data.js';
import { PLANNING_TABLES } from '../planning/personal-data.js';
import { REMINDERS_TABLES } from '../reminders/personal-data.js';
import { SCHEDULES_TABLES } from '../schedules/personal-data.js';
import { STATISTICS_TABLES } from '../statistics/personal-data.js';
import { TENANCY_TABLES } from '../tenancy/personal-data.js';
import { WORK_CALENDAR_TABLES } from '../work-calendar/personal-data.js';
import { WORKLIST_TABLES } from '../worklist/personal-data.js';
import { WEBHOOKS_TABLES } from '../webhooks/personal-data.js';

/** The declared tables of all rooms, the lowest room first. An export shows, and an erasure changes, them in this order. */
export const ALL_TABLES: readonly TableDeclaration[] = [
  ...ENCRYPTION_TABLES,
  ...TENANCY_TABLES,
  ...AUDIT_TABLES,
  ...ACCOUNTS_TABLES,
  ...ACCESS_TABLES,
  ...PATIENTS_TABLES,
  ...WORK_CALENDAR_TABLES,
  ...SCHEDULES_TABLES,
  ...WORKLIST_TABLES,
  ...STATISTICS_TABLES,
  ...PLANNING_TABLES,
  ...REMINDERS_TABLES,
  ...WEBHOOKS_TABLES,
  ...PATIENT_MESSAGES_TABLES,
  ...MONITORING_TABLES,
  ...IMPORTS_TABLES,
  ...HL7_TABLES,
  ...BULK_EXPORT_TABLES,
  ...FHIR_SOURCE_TABLES,
  ...INBOUND_TABLES,
  ...MAPPINGS_TABLES,
];
