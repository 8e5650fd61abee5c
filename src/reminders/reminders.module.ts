import { Module } from '@nestjs/common';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { WorkCalendarModule } from '../work-calendar/work-calendar.module.js';
import { ReminderSweep } from './reminder-sweep.js';
import { ReminderWorker } from './reminder-worker.js';
import { TrustedClock } from './trusted-clock.js';

@Module({
  imports: [SchedulesModule, WorkCalendarModule],
  providers: [ReminderSweep, ReminderWorker, TrustedClock],
  exports: [ReminderSweep, TrustedClock],
})
export class RemindersModule {}
