import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { GuidelinesController } from './guidelines.controller.js';
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
  controllers: [SchedulesController, WorklistController, GuidelinesController, PlanChangesController],
  providers: [SchedulesService, WorklistService, PlanChangesService, PlanPreviews, Replanning],
  exports: [SchedulesService, PlanChangesService, PlanPreviews, Replanning],
})
export class SchedulesModule {}
