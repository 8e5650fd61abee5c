import { Module } from '@nestjs/common';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { WorklistSettingsController } from './settings/worklist-settings.controller.js';
import { WorklistSettingsService } from './settings/worklist-settings.service.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

@Module({
  imports: [SchedulesModule],
  controllers: [WorklistController, WorklistSettingsController],
  providers: [WorklistService, WorklistSettingsService],
})
export class WorklistModule {}
