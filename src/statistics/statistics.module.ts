import { Module } from '@nestjs/common';
import { AdherenceController } from './adherence.controller.js';
import { AdherenceService } from './adherence.service.js';
import { InspectionReportsController } from './inspection-reports.controller.js';
import { InspectionReports } from './inspection-reports.service.js';

@Module({
  controllers: [AdherenceController, InspectionReportsController],
  providers: [AdherenceService, InspectionReports],
  exports: [AdherenceService],
})
export class StatisticsModule {}
