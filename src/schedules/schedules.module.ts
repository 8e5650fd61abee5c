import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { GuidelinesController } from './guidelines.controller.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { PreviewController } from './preview.controller.js';
import { PreviewService } from './preview.service.js';
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
    WorklistController,
    GuidelinesController,
  ],
  providers: [SchedulesService, DecisionsService, PreviewService, WorklistService],
  exports: [SchedulesService],
})
export class SchedulesModule {}
