import { Module } from '@nestjs/common';
import { CalendarWatch } from './calendar-watch.js';
import { WorkCalendarController } from './work-calendar.controller.js';
import { WorkCalendarService } from './work-calendar.service.js';

@Module({
  controllers: [WorkCalendarController],
  providers: [WorkCalendarService, CalendarWatch],
  exports: [CalendarWatch],
})
export class WorkCalendarModule {}
