import { Module } from '@nestjs/common';
import { AdherenceController } from './adherence.controller.js';
import { AdherenceService } from './adherence.service.js';
import { InspectionReportsController } from './inspection-reports.controller.js';
import { InspectionReports } from './inspection-reports.service.js';
import { NightlyFigures } from './nightly-figures.js';
import { ResearchDatesController } from './research-dates.controller.js';
import { ResearchDates } from './research-dates.service.js';

@Module({
  controllers: [AdherenceController, InspectionReportsController, ResearchDatesController],
  providers: [AdherenceService, InspectionReports, NightlyFigures, ResearchDates],
  exports: [AdherenceService, ResearchDates],
})
export class StatisticsModule {}
