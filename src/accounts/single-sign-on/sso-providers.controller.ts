import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { nextCursor, Uuid } from '../../platform/http/paging.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { SsoProviders } from './sso-providers.service.js';
import {
  IdentityInput,
  PersonIdentities,
  SsoProviderInput,
  SsoProviderPage,
  SsoProviderPatch,
  SsoProviderQuery,
  SsoProviderTestView,
  SsoProviderView,
} from './sso-schemas.js';

@ApiTags('single sign-on')
@ApiBearerAuth()
@Controller()
export class SsoProvidersController {
  constructor(private readonly providers: SsoProviders) {}

  @Post('sso-providers')
  @ApiOperation({ summary: 'Let another system vouch for people of the hospital (OpenID Connect)' })
  @ApiResponse({ status: 201, standardSchema: SsoProviderView })
  async add(@Body({ schema: SsoProviderInput }) input: SsoProviderInput): Promise<SsoProviderView> {
    return viewOf(await this.providers.add(input));
  }

  @Get('sso-providers')
  @ApiOperation({ summary: 'The systems that vouch for people of the hospital' })
  @ApiResponse({ status: 200, standardSchema: SsoProviderPage })
  async list(
    @Query({ schema: SsoProviderQuery }) { limit, cursor }: z.output<typeof SsoProviderQuery>,
  ): Promise<z.output<typeof SsoProviderPage>> {
    const providers = await this.providers.list(limit + 1, cursor?.[0]);
    return {
      items: providers.slice(0, limit).map(viewOf),
      nextCursor: nextCursor(providers, limit, ({ id }) => [id]),
    };
  }

  @Patch('sso-providers/:id')
  @ApiOperation({ summary: 'Change how another system vouches; its issuer never changes' })
  @ApiResponse({ status: 200, standardSchema: SsoProviderView })
  async change(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: SsoProviderPatch }) patch: SsoProviderPatch,
  ): Promise<SsoProviderView> {
    return viewOf(await this.providers.change(id, patch));
  }

  @Post('sso-providers/:id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask a provider for its metadata and keys, as a sign-in does' })
  @ApiResponse({ status: 200, standardSchema: SsoProviderTestView })
  test(
    @Param('id', { schema: Uuid }) id: string,
    @Req() request: FastifyRequest,
  ): Promise<SsoProviderTestView> {
    const audited = auditedCallOf(request, 'POST /sso-providers/:id/test');
    return this.providers.test(id, `${request.protocol}://${request.host}`, audited);
  }

  @Get('people/:id/identities')
  @ApiOperation({ summary: 'The identities of a person at other systems, the 100 first by provider' })
  @ApiResponse({ status: 200, standardSchema: PersonIdentities })
  async identities(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof PersonIdentities>> {
    return { items: await this.providers.identities(id) };
  }

  @Post('people/:id/identities')
  @HttpCode(204)
  @ApiOperation({ summary: 'Say who somebody is at another system that vouches for them' })
  async link(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: IdentityInput }) input: IdentityInput,
  ): Promise<void> {
    await this.providers.link(id, input);
  }

  @Post('people/:id/identities/unlink')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a link that an administrator made, and the sessions that began there' })
  async unlink(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: IdentityInput }) input: IdentityInput,
  ): Promise<void> {
    await this.providers.unlink(id, input);
  }
}

const viewOf = (provider: SsoProvider): SsoProviderView => ({
  id: provider.id,
  code: provider.code,
  name: provider.name,
  issuer: provider.issuer,
  clientId: provider.clientId,
  hasClientSecret: provider.clientSecret !== null,
  roleClaim: provider.roleClaim,
  roleMap: provider.roleMap,
  autoCreate: provider.autoCreate,
  enabled: provider.enabled,
  secondFactorTrusted: provider.secondFactorTrusted,
  createdBy: provider.createdBy,
  createdAt: provider.createdAt.toISOString(),
});
