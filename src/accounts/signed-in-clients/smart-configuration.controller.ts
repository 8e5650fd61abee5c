import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config.js';
import { SIGNATURES } from '../key-set.js';
import { originOf, TOKEN_PATH } from './own-addresses.js';

/** The answer of SMART App Launch 2.2, which fixes the address below that of the FHIR server. */
interface SmartConfiguration {
  readonly token_endpoint: string;
  readonly grant_types_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly token_endpoint_auth_signing_alg_values_supported: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly response_types_supported: readonly string[];
  readonly capabilities: readonly string[];
}

/** How a machine signs in to the FHIR server. */
@ApiExcludeController()
@Controller('fhir/.well-known/smart-configuration')
export class SmartConfigurationController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get()
  read(@Req() request: FastifyRequest): SmartConfiguration {
    return {
      token_endpoint: `${originOf(this.config, request)}${TOKEN_PATH}`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: [...SIGNATURES],
      scopes_supported: ['system/*.rs', 'system/*.cruds'],
      response_types_supported: [],
      capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
    };
  }
}
