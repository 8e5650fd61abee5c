import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { ActivitiesController } from './activities.controller.js';
import { EventTypesController } from './event-types.controller.js';
import { GuidelinesController } from './guidelines.controller.js';
import { GuidelinesService } from './guidelines.service.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { InventedPatientController } from './previews/invented-patient.controller.js';
import { PreviewController } from './previews/preview.controller.js';
import { PreviewService } from './previews/preview.service.js';
import { PolicyRolloutWorker } from './policy-changes/policy-rollout-worker.js';
import { PolicyRolloutsController } from './policy-changes/policy-rollouts.controller.js';
import { PolicyRolloutsService } from './policy-changes/policy-rollouts.service.js';
import { RolloutExamples } from './policy-changes/rollout-examples.js';
import { RolloutPreviews } from './policy-changes/rollout-previews.js';
import { Replanning } from './policy-changes/replanning.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesService } from './schedules.service.js';

@Module({
  imports: [PatientsModule],
  controllers: [
    SchedulesController,
    DecisionsController,
    PreviewController,
    InventedPatientController,
    PolicyRolloutsController,
    GuidelinesController,
    ActivitiesController,
    EventTypesController,
  ],
  providers: [
    SchedulesService,
    DecisionsService,
    PreviewService,
    PolicyRolloutsService,
    PolicyRolloutWorker,
    RolloutPreviews,
    RolloutExamples,
    Replanning,
    GuidelinesService,
  ],
  exports: [SchedulesService, DecisionsService, PreviewService, RolloutPreviews, Replanning],
})
export class SchedulesModule {}
