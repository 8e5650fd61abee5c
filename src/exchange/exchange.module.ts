import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';

@Module({
  imports: [PatientsModule, SchedulesModule],
  controllers: [ImportsController],
  providers: [ImportsService],
})
export class ExchangeModule {}
