import { Module } from '@nestjs/common';
import { MeasurementsController } from './measurements.controller.js';
import { MeasurementsService } from './measurements.service.js';
import { PatientsController } from './patients.controller.js';
import { PatientsService } from './patients.service.js';
import { Resealing } from './resealing.js';

@Module({
  controllers: [PatientsController, MeasurementsController],
  providers: [PatientsService, MeasurementsService, Resealing],
  exports: [PatientsService],
})
export class PatientsModule {}
