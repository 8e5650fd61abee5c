import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { AuditExportController } from './exports/audit-export.controller.js';
import { WorklistExportController } from './exports/worklist-export.controller.js';
import { WorklistExports } from './exports/worklist-export.service.js';
import { WorklistModule } from '../worklist/worklist.module.js';
import { StatisticsModule } from '../statistics/statistics.module.js';
import { AdherenceExportController } from './exports/adherence-export.controller.js';
import { BulkExportStep } from './bulk-export/bulk-export-step.js';
import { BulkExportWorker } from './bulk-export/bulk-export-worker.js';
import { BulkExportsController } from './bulk-export/bulk-exports.controller.js';
import { ExportListController } from './bulk-export/export-list.controller.js';
import { BulkExports } from './bulk-export/bulk-exports.service.js';
import { CdsHooksController } from './cds-hooks/cds-hooks.controller.js';
import { CdsHooks } from './cds-hooks/cds-hooks.service.js';
import { LinkedPatients } from './patient-link/linked-patients.js';
import { PatientLinkController } from './patient-link/patient-link.controller.js';
import { GuidelineFilesController } from './guideline-files.controller.js';
import { GuidelineFilesService } from './guideline-files.service.js';
import { Erasure } from './patient-data/erasure.js';
import { ImportRuns } from './imports/import-runs.js';
import { ImportReaders } from './imports/import-readers.js';
import { ImportSlots } from './imports/import-slots.js';
import { ImportsController } from './imports/imports.controller.js';
import { HeadingMappings } from './imports/heading-mappings.js';
import { ImportFilesController } from './imports/import-files.controller.js';
import { RejectedRows } from './imports/rejected-rows.js';
import { ImportsService } from './imports/imports.service.js';
import { PrintedPagesController } from './printed-pages/printed-pages.controller.js';
import { PrintedPages } from './printed-pages/printed-pages.service.js';
import { FhirReadsController } from './fhir/fhir-reads.controller.js';
import { AuditEvents } from './fhir/audit-events.service.js';
import { Definitions } from './fhir/definitions.service.js';
import { FhirReads } from './fhir/fhir-reads.service.js';
import { PatientRecords } from './fhir/patient-records.js';
import { PatientResourceSearch } from './fhir/patient-resources.service.js';
import { Hl7MessagesController } from './hl7/hl7-messages.controller.js';
import { Hl7Messages } from './hl7/hl7-messages.service.js';
import { KnownRecords } from './hl7/known-records.js';
import { MessageAnswers } from './hl7/message-answers.js';
import { MessageLog } from './hl7/message-log.js';
import { MessageRetention } from './hl7/message-retention.js';
import { MessageSettingsController } from './hl7/message-settings.controller.js';
import { PatientMessages } from './hl7/patient-messages.js';
import { ReceivedMessages } from './hl7/received-messages.js';
import { KnownSenders } from './mllp/known-senders.js';
import { MessageReception } from './mllp/message-reception.js';
import { MllpFigures } from './mllp/mllp-figures.js';
import { MllpListener } from './mllp/mllp-listener.js';
import { SendersController } from './mllp/senders.controller.js';
import { Senders } from './mllp/senders.service.js';
import { AppointmentMessages } from './hl7/appointment-messages.js';
import { CodedEvents } from './hl7/coded-events.js';
import { MappingTrials } from './hl7/mapping-trials.service.js';
import { MappingTrialsController } from './hl7/mapping-trials.controller.js';
import { MessageApplication } from './hl7/message-application.js';
import { MessageVoids } from './hl7/message-voids.service.js';
import { Inbox } from './inbound/inbox.js';
import { InboxActs } from './inbound/inbox-acts.service.js';
import { InboxController } from './inbound/inbox.controller.js';
import { LinkedAppointments } from './inbound/linked-appointments.js';
import { ReceivedAppointments } from './inbound/received-appointments.js';
import { ReceivedReports } from './inbound/received-reports.js';
import { ReportedExams } from './inbound/reported-exams.js';
import { TakingBack } from './inbound/taken-back.js';
import { ResultMessages } from './hl7/result-messages.js';
import { MappingsController } from './mappings/mappings.controller.js';
import { MappingsService } from './mappings/mappings.service.js';
import { StoredMappings } from './mappings/stored-mappings.js';
import { PatientDataController } from './patient-data/patient-data.controller.js';
import { PatientExports } from './patient-data/patient-export.js';
import { AppointmentResources } from './fhir/inbound/appointment-resources.js';
import { EventRecords } from './fhir/inbound/event-records.js';
import { ExamResources } from './fhir/inbound/exam-resources.js';
import { FactResources } from './fhir/inbound/fact-resources.js';
import { FhirWritesController } from './fhir/inbound/fhir-writes.controller.js';
import { InboundRequests } from './fhir/inbound/inbound-requests.service.js';
import { KnownPatients } from './fhir/inbound/known-patients.js';
import { PatientResources } from './fhir/inbound/patient-resources.js';
import { UnclearResources } from './fhir/inbound/unclear-resources.js';
import { RequestLog } from './fhir/inbound/request-log.js';
import { CurrentVersions } from './fhir/inbound/current-versions.js';
import { SourceLinks } from './fhir/source-links.js';

@Module({
  imports: [
    AccessModule,
    AccountsModule,
    AuditModule,
    PatientsModule,
    SchedulesModule,
    StatisticsModule,
    WorklistModule,
  ],
  controllers: [
    ...[GuidelineFilesController, ImportsController, ImportFilesController],
    ...[PatientDataController, WorklistExportController, AdherenceExportController, PrintedPagesController],
    ...[
      AuditExportController,
      Hl7MessagesController,
      SendersController,
      MessageSettingsController,
      MappingsController,
    ],
    ...[MappingTrialsController, InboxController, FhirReadsController, FhirWritesController],
    ...[CdsHooksController, PatientLinkController, BulkExportsController, ExportListController],
  ],
  providers: [
    ...[
      InboundRequests,
      RequestLog,
      SourceLinks,
      KnownPatients,
      EventRecords,
      CurrentVersions,
      UnclearResources,
    ],
    ...[PatientResources, FactResources, ExamResources, AppointmentResources],
    ...[GuidelineFilesService, PatientExports, Erasure],
    ...[ImportsService, ImportSlots, ImportReaders, HeadingMappings],
    ...[RejectedRows, ImportRuns],
    ...[WorklistExports, PrintedPages, CdsHooks, LinkedPatients],
    ...[MappingsService, StoredMappings],
    ...[FhirReads, PatientRecords, PatientResourceSearch, Definitions, AuditEvents],
    ...[BulkExports, BulkExportStep, BulkExportWorker],
    ...[
      Hl7Messages,
      MessageLog,
      MessageAnswers,
      PatientMessages,
      ResultMessages,
      KnownRecords,
      ReportedExams,
      ReceivedMessages,
      MessageRetention,
    ],
    ...[Senders, KnownSenders, MessageReception, MllpFigures, MllpListener],
    ...[AppointmentMessages, CodedEvents, MappingTrials, MessageApplication, MessageVoids],
    ...[Inbox, InboxActs, LinkedAppointments, ReceivedAppointments, ReceivedReports, TakingBack],
  ],
})
export class ExchangeModule {}
