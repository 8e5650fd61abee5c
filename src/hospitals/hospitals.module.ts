import { Module } from '@nestjs/common';
import { HospitalsController } from './hospitals.controller.js';
import { Hospitals } from './hospitals.service.js';

@Module({
  controllers: [HospitalsController],
  providers: [Hospitals],
})
export class HospitalsModule {}
