import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { AuditExportController } from './exports/audit-export.controller.js';
import { WorklistExportController } from './exports/worklist-export.controller.js';
import { WorklistExports } from './exports/worklist-export.service.js';
import { WorklistModule } from '../worklist/worklist.module.js';
import { StatisticsModule } from '../statistics/statistics.module.js';
import { AdherenceExportController } from './exports/adherence-export.controller.js';
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
import { ReportedExams } from './hl7/reported-exams.js';
import { ResultMessages } from './hl7/result-messages.js';
import { PatientDataController } from './patient-data/patient-data.controller.js';
import { PatientExports } from './patient-data/patient-export.js';

@Module({
  imports: [AccessModule, AuditModule, PatientsModule, SchedulesModule, StatisticsModule, WorklistModule],
  controllers: [
    ...[GuidelineFilesController, ImportsController, ImportFilesController],
    ...[PatientDataController, WorklistExportController, AdherenceExportController, PrintedPagesController],
    ...[AuditExportController, Hl7MessagesController, SendersController, MessageSettingsController],
  ],
  providers: [
    ...[GuidelineFilesService, PatientExports, Erasure],
    ...[ImportsService, ImportSlots, ImportReaders, HeadingMappings],
    ...[RejectedRows, ImportRuns],
    ...[WorklistExports, PrintedPages],
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
  ],
})
export class ExchangeModule {}
