import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { GuidelinesController } from './guidelines.controller.js';
import { DecisionsController } from './decisions.controller.js';
import { DecisionsService } from './decisions.service.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesService } from './schedules.service.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

@Module({
  imports: [PatientsModule],
  controllers: [SchedulesController, DecisionsController, WorklistController, GuidelinesController],
  providers: [SchedulesService, DecisionsService, WorklistService],
  exports: [SchedulesService],
})
export class SchedulesModule {}
