import { Module } from '@nestjs/common';
import { ConsentsController } from './consents.controller.js';
import { Consents } from './consents.service.js';
import { DepartmentsController } from './departments.controller.js';
import { MeasurementsController } from './measurements.controller.js';
import { MeasurementsService } from './measurements.service.js';
import { NurseNamesController } from './nurse-names.controller.js';
import { NurseNames } from './nurse-names.service.js';
import { PatientsController } from './patients.controller.js';
import { PatientsService } from './patients.service.js';

@Module({
  controllers: [
    ...[PatientsController, ConsentsController, MeasurementsController],
    ...[NurseNamesController, DepartmentsController],
  ],
  providers: [PatientsService, Consents, MeasurementsService, NurseNames],
  exports: [PatientsService, Consents],
})
export class PatientsModule {}
