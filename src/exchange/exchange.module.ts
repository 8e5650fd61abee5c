import { Module } from '@nestjs/common';
import { PatientsModule } from '../patients/patients.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { Erasure } from './erasure.js';
import { ImportReaders } from './import-readers.js';
import { ImportSlots } from './import-slots.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';
import { PatientDataController } from './patient-data.controller.js';
import { PatientExports } from './patient-export.js';

@Module({
  imports: [PatientsModule, SchedulesModule],
  controllers: [ImportsController, PatientDataController],
  providers: [ImportsService, ImportSlots, ImportReaders, PatientExports, Erasure],
})
export class ExchangeModule {}
