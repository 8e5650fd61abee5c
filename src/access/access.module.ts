import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AccessGuard } from './access.guard.js';
import { AuditAnswers } from './audit-answers.js';
import { Authentication } from './authentication.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { KeptAnswers } from './kept-answers.js';
import { RequestShares } from './request-shares.js';
import { ScopeInterceptor } from './scope.interceptor.js';
import { UnknownCallers } from './unknown-callers.js';

/** Controls the access to every call. Its guard, hooks and interceptors apply to the controllers of all modules. */
@Module({
  imports: [AccountsModule],
  providers: [
    AuditAnswers,
    UnknownCallers,
    KeptAnswers,
    Authentication,
    RequestShares,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ScopeInterceptor },
  ],
  exports: [RequestShares],
})
export class AccessModule {}
