import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { GuidelinesController } from './guidelines.controller.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { PreviewController } from './preview.controller.js';
import { PreviewService } from './preview.service.js';
import { PlanChangesController } from './plan-changes.controller.js';
import { PlanChangesService } from './plan-changes.service.js';
import { PlanPreviews } from './plan-previews.js';
import { Replanning } from './replanning.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesService } from './schedules.service.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

@Module({
  imports: [PatientsModule],
  controllers: [
    SchedulesController,
    DecisionsController,
    PreviewController,
    PlanChangesController,
    WorklistController,
    GuidelinesController,
  ],
  providers: [
    SchedulesService,
    DecisionsService,
    PreviewService,
    PlanChangesService,
    PlanPreviews,
    Replanning,
    WorklistService,
  ],
  exports: [SchedulesService, PlanPreviews, Replanning],
})
export class SchedulesModule {}
