import { Global, Module } from '@nestjs/common';
import { FieldCipher } from '../encryption/field-cipher.js';
import { SecretBox } from '../encryption/secret-box.js';
import { HospitalScope } from './hospital-scope.js';

@Global()
@Module({
  providers: [HospitalScope, SecretBox, FieldCipher],
  exports: [HospitalScope, SecretBox],
})
export class TenancyModule {}
