import { Module } from '@nestjs/common';
import { Identities } from './identity.js';
import { PatientsController } from './patients.controller.js';
import { PatientsService } from './patients.service.js';
import { Resealing } from './resealing.js';

@Module({
  controllers: [PatientsController],
  providers: [Identities, PatientsService, Resealing],
  exports: [Identities, PatientsService],
})
export class PatientsModule {}
