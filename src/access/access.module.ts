import { Global, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ApiKeys } from './api-keys.service.js';
import { AuditAnchor } from './audit-anchor.js';
import { AuditAnswers } from './audit-answers.js';
import { AuditController } from './audit.controller.js';
import { AuditSealing } from './audit-sealing.js';
import { HospitalScope } from './hospital-scope.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { RateLimits } from './rate-limits.js';
import { ScopeInterceptor } from './scope.interceptor.js';
import { UnknownCallers } from './unknown-callers.js';

@Global()
@Module({
  controllers: [AuditController],
  providers: [
    HospitalScope,
    ApiKeys,
    AuditAnchor,
    AuditAnswers,
    AuditSealing,
    UnknownCallers,
    RateLimits,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ScopeInterceptor },
  ],
  exports: [HospitalScope, RateLimits],
})
export class AccessModule {}
