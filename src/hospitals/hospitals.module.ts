import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { FirstRunController } from './first-run.controller.js';
import { FirstRun } from './first-run.service.js';
import { HospitalsController } from './hospitals.controller.js';
import { Hospitals } from './hospitals.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [HospitalsController, FirstRunController],
  providers: [Hospitals, FirstRun],
})
export class HospitalsModule {}
