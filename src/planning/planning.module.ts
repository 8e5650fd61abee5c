import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { CalendarController } from './calendar-feeds/calendar.controller.js';
import { CalendarFeedsController } from './calendar-feeds/calendar-feeds.controller.js';
import { CalendarFeeds } from './calendar-feeds/calendar-feeds.service.js';
import { CalendarReader } from './calendar-feeds/calendar-reader.service.js';
import { CapacitiesController } from './capacity/capacities.controller.js';
import { CapacitiesService } from './capacity/capacities.service.js';
import { LoadCompaction } from './capacity/load-compaction.js';
import { WardCalendarController } from './capacity/ward-calendar.controller.js';
import { WardCalendarService } from './capacity/ward-calendar.service.js';
import { VisitsController } from './visits/visits.controller.js';
import { VisitsService } from './visits/visits.service.js';

@Module({
  imports: [PatientsModule],
  controllers: [
    ...[VisitsController, CapacitiesController, WardCalendarController],
    ...[CalendarFeedsController, CalendarController],
  ],
  providers: [
    ...[VisitsService, CapacitiesService, WardCalendarService, LoadCompaction],
    ...[CalendarFeeds, CalendarReader],
  ],
})
export class PlanningModule {}
