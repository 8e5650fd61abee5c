import { Module } from '@nestjs/common';
import { PatientsController } from './patients.controller.js';
import { PatientsService } from './patients.service.js';
import { Resealing } from './resealing.js';

@Module({
  controllers: [PatientsController],
  providers: [PatientsService, Resealing],
  exports: [PatientsService],
})
export class PatientsModule {}
