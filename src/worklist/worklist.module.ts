import { Module } from '@nestjs/common';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { WorklistController } from './worklist.controller.js';
import { WorklistService } from './worklist.service.js';

@Module({
  imports: [SchedulesModule],
  controllers: [WorklistController],
  providers: [WorklistService],
})
export class WorklistModule {}
