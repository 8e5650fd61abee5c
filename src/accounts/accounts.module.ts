import { Module } from '@nestjs/common';
import { AdministratorKeyWatch } from './api-keys/administrator-key-watch.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeys } from './api-keys/api-keys.service.js';
import { MeController } from './people/me.controller.js';
import { Me } from './people/me.service.js';
import { PeopleController } from './people/people.controller.js';
import { People } from './people/people.service.js';
import { SecondFactorRequirementController } from './sign-in/second-factor-requirement.controller.js';
import { SecondFactor } from './sign-in/second-factor.js';
import { Sessions } from './sign-in/sessions.service.js';
import { SignInAttempts } from './sign-in/sign-in-attempts.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignIn } from './sign-in/sign-in.service.js';
import { AccessTokens } from './signed-in-clients/access-tokens.js';
import { ClientAssertions } from './signed-in-clients/client-assertions.js';
import { ClientKeys } from './signed-in-clients/client-keys.js';
import { SignedCalls } from './signed-in-clients/signed-calls.js';
import { SmartConfigurationController } from './signed-in-clients/smart-configuration.controller.js';
import { TokenController } from './signed-in-clients/token.controller.js';
import { IdentityProviders } from './single-sign-on/identity-providers.js';
import { SignInOptionsController } from './single-sign-on/sign-in-options.controller.js';
import { SingleSignOnController } from './single-sign-on/single-sign-on.controller.js';
import { SingleSignOn } from './single-sign-on/single-sign-on.service.js';
import { SsoLogout } from './single-sign-on/sso-logout.service.js';
import { SsoProvidersController } from './single-sign-on/sso-providers.controller.js';
import { SsoProviders } from './single-sign-on/sso-providers.service.js';

@Module({
  controllers: [
    SignInController,
    MeController,
    PeopleController,
    ApiKeysController,
    SecondFactorRequirementController,
    SsoProvidersController,
    SingleSignOnController,
    SignInOptionsController,
    TokenController,
    SmartConfigurationController,
  ],
  providers: [
    ApiKeys,
    Sessions,
    SignIn,
    SignInAttempts,
    SecondFactor,
    Me,
    People,
    SsoProviders,
    IdentityProviders,
    SingleSignOn,
    SsoLogout,
    AdministratorKeyWatch,
    ClientKeys,
    ClientAssertions,
    AccessTokens,
    SignedCalls,
  ],
  exports: [ApiKeys, Sessions, AccessTokens, SignedCalls],
})
export class AccountsModule {}
