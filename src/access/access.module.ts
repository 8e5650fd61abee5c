import { Global, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AdministratorKeyWatch } from './administrator-key-watch.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeys } from './api-keys.service.js';
import { AnchorReceiver } from './anchor-receiver.js';
import { Authentication } from './authentication.js';
import { AuditAnchor } from './audit-anchor.js';
import { AuditAnswers } from './audit-answers.js';
import { AuditController } from './audit.controller.js';
import { AuditSealing } from './audit-sealing.js';
import { Hospitals } from './hospitals.service.js';
import { HospitalsController } from './hospitals.controller.js';
import { FieldCipher } from './field-cipher.js';
import { HospitalScope } from './hospital-scope.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { KeptAnswers } from './kept-answers.js';
import { Me } from './me.service.js';
import { MeController } from './me.controller.js';
import { People } from './people.service.js';
import { PeopleController } from './people.controller.js';
import { SecondFactorRequirementController } from './second-factor-requirement.controller.js';
import { SecondFactor } from './second-factor.js';
import { SecretBox } from './secret-box.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { SignInController } from './sign-in.controller.js';
import { RateLimits } from './rate-limits.js';
import { RequestShares } from './request-shares.js';
import { IdentityProviders } from './identity-providers.js';
import { SingleSignOn } from './single-sign-on.service.js';
import { SingleSignOnController } from './single-sign-on.controller.js';
import { SsoLogout } from './sso-logout.service.js';
import { SsoProviders } from './sso-providers.service.js';
import { SsoProvidersController } from './sso-providers.controller.js';
import { ScopeInterceptor } from './scope.interceptor.js';
import { UnknownCallers } from './unknown-callers.js';

@Global()
@Module({
  controllers: [
    AuditController,
    SignInController,
    MeController,
    PeopleController,
    ApiKeysController,
    HospitalsController,
    SecondFactorRequirementController,
    SsoProvidersController,
    SingleSignOnController,
  ],
  providers: [
    HospitalScope,
    ApiKeys,
    Sessions,
    SignIn,
    SignInAttempts,
    SecondFactor,
    SecretBox,
    FieldCipher,
    Me,
    People,
    Hospitals,
    SsoProviders,
    IdentityProviders,
    SingleSignOn,
    SsoLogout,
    AnchorReceiver,
    AuditAnchor,
    AuditAnswers,
    AuditSealing,
    AdministratorKeyWatch,
    UnknownCallers,
    KeptAnswers,
    RateLimits,
    Authentication,
    RequestShares,
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ScopeInterceptor },
  ],
  exports: [HospitalScope, RateLimits, RequestShares],
})
export class AccessModule {}
