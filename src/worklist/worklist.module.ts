import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { AppointmentsController } from './appointments/appointments.controller.js';
import { AppointmentsService } from './appointments/appointments.service.js';
import { UndoService } from './appointments/undo.service.js';
import { ItemStepsController } from './steps/item-steps.controller.js';
import { ItemStepsService } from './steps/item-steps.service.js';
import { PatientStepsController } from './steps/patient-steps.controller.js';
import { PatientStepsService } from './steps/patient-steps.service.js';
import { BulkController } from './bulk/bulk.controller.js';
import { BulkService } from './bulk/bulk.service.js';
import { CallsController } from './calls/calls.controller.js';
import { CallsService } from './calls/calls.service.js';
import { ContactsController } from './contacts/contacts.controller.js';
import { ContactsService } from './contacts/contacts.service.js';
import { RelativesController } from './contacts/relatives.controller.js';
import { RelativesService } from './contacts/relatives.service.js';
import { HandoversController } from './handovers/handovers.controller.js';
import { Handovers } from './handovers/handovers.service.js';
import { OwnersController } from './ownership/owners.controller.js';
import { Owners } from './ownership/owners.service.js';
import { WorkloadsController } from './ownership/workloads.controller.js';
import { Workloads } from './ownership/workloads.service.js';
import { ChangeFeed } from './changes/change-feed.js';
import { OldChanges } from './changes/old-changes.js';
import { PresenceService } from './changes/presence.service.js';
import { StreamController } from './changes/stream.controller.js';
import { ItemsByStatus } from './lists/items-by-status.service.js';
import { ListsController } from './lists/lists.controller.js';
import { ListsService } from './lists/lists.service.js';
import { OvertakenItems } from './lists/overtaken-items.js';
import { SavedListsService } from './lists/saved-lists.service.js';
import { WorklistController } from './lists/worklist.controller.js';
import { RecordMergesController } from './record-merges/record-merges.controller.js';
import { RecordMerges } from './record-merges/record-merges.service.js';
import { SuspectedDuplicatesController } from './record-merges/suspected-duplicates.controller.js';
import { SuspectedDuplicates } from './record-merges/suspected-duplicates.service.js';
import { ResultsController } from './results/results.controller.js';
import { ResultsService } from './results/results.service.js';
import { ReviewConsequences } from './results/review-consequences.js';
import { ReviewPreviews } from './results/review-previews.service.js';
import { ReviewsController } from './results/reviews.controller.js';
import { ReviewsService } from './results/reviews.service.js';
import { WorklistSettingsController } from './settings/worklist-settings.controller.js';
import { WorklistSettingsService } from './settings/worklist-settings.service.js';

@Module({
  imports: [PatientsModule, SchedulesModule],
  controllers: [
    WorklistController,
    ListsController,
    StreamController,
    WorklistSettingsController,
    OwnersController,
    HandoversController,
    WorkloadsController,
    ItemStepsController,
    PatientStepsController,
    AppointmentsController,
    ContactsController,
    RelativesController,
    CallsController,
    ResultsController,
    ReviewsController,
    BulkController,
    RecordMergesController,
    SuspectedDuplicatesController,
  ],
  providers: [
    ChangeFeed,
    ItemsByStatus,
    ListsService,
    OldChanges,
    OvertakenItems,
    PresenceService,
    SavedListsService,
    WorklistSettingsService,
    Owners,
    Handovers,
    Workloads,
    ItemStepsService,
    PatientStepsService,
    AppointmentsService,
    UndoService,
    ContactsService,
    RelativesService,
    CallsService,
    ResultsService,
    ReviewConsequences,
    ReviewPreviews,
    ReviewsService,
    BulkService,
    RecordMerges,
    SuspectedDuplicates,
  ],
  exports: [AppointmentsService, RecordMerges],
})
export class WorklistModule {}
