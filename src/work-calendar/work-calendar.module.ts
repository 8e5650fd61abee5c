import { Module } from '@nestjs/common';
import { WorkCalendarController } from './work-calendar.controller.js';
import { WorkCalendarService } from './work-calendar.service.js';

@Module({
  controllers: [WorkCalendarController],
  providers: [WorkCalendarService],
})
export class WorkCalendarModule {}
