import { Global, Module } from '@nestjs/common';
import { HospitalScope } from './hospital-scope.js';

@Global()
@Module({
  providers: [HospitalScope],
  exports: [HospitalScope],
})
export class AccessModule {}
