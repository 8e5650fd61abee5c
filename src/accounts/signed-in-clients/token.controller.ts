import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config.js';
import { RateLimits } from '../../platform/http/rate-limits.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { AuditedCall } from '../../tenancy/audit-entry.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { AccessTokens, TOKEN_SECONDS } from './access-tokens.js';
import { AssertionRefused, ClientAssertions } from './client-assertions.js';
import { oauthRefusal } from './oauth-refusals.js';
import { originOf, TOKEN_PATH } from './own-addresses.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MOST_SCOPES = 100;

/** A parameter that is too long or repeated counts as missing. */
const parameter = (most: number) => z.string().max(most).optional().catch(undefined);

// RFC 6749 section 3.2: a server ignores parameters that it does not know.
const TokenInput = z.object({
  grant_type: parameter(200),
  client_assertion_type: parameter(200),
  client_assertion: parameter(10_000),
  scope: parameter(4000),
});

const TokenView = z
  .object({
    access_token: z.string(),
    token_type: z.literal('bearer'),
    expires_in: z.int().describe('Seconds'),
    scope: z.string().describe('What was granted, which may be less than what was wanted'),
  })
  .meta({ id: 'AccessToken' });

const OAuthErrorView = z
  .object({ error: z.string(), error_description: z.string() })
  .meta({ id: 'OAuthError' });

/** The token endpoint of SMART backend services (SMART App Launch 2.2; RFC 6749, RFC 7523). */
@ApiTags('api-keys')
@Controller()
export class TokenController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly assertions: ClientAssertions,
    private readonly tokens: AccessTokens,
    private readonly rateLimits: RateLimits,
    private readonly scope: HospitalScope,
  ) {}

  @Post('token')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Exchange a signed assertion for an access token of five minutes',
    description:
      'SMART backend services: grant_type=client_credentials with client_assertion, a JSON Web Token that the registered private key ' +
      'signed by RS384 or ES384. iss and sub are the client_id, aud is the address of this call, exp is at most five minutes away, and ' +
      'each jti counts once. Scopes: system/Patient.rs and the like for /fhir, or those of keys, such as patients:read, for this API.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['grant_type', 'client_assertion_type', 'client_assertion', 'scope'],
      properties: {
        grant_type: { type: 'string', enum: ['client_credentials'] },
        client_assertion_type: { type: 'string', enum: [ASSERTION_TYPE] },
        client_assertion: { type: 'string' },
        scope: { type: 'string', description: 'Divided by spaces' },
      },
    },
  })
  @ApiResponse({ status: 200, standardSchema: TokenView })
  @ApiResponse({ status: 400, standardSchema: OAuthErrorView, description: 'RFC 6749 section 5.2' })
  @ApiResponse({ status: 401, standardSchema: OAuthErrorView, description: 'invalid_client' })
  async issue(
    @Body({ schema: TokenInput }) input: z.output<typeof TokenInput>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof TokenView>> {
    await this.rateLimits.refuseGuessing(request.ip);
    const { assertion, wanted } = requested(input);
    const audited = auditedCallOf(request, 'POST /token');
    try {
      const audiences = [`${originOf(this.config, request)}${TOKEN_PATH}`];
      const expected = { audiences, clientIn: ({ iss, sub }: { iss?: string; sub?: string }) => sub && iss };
      const client = await this.assertions.verified(assertion, expected, audited);
      const { token, scopes } = await this.tokens.issue(client, wanted, audited);
      void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      return {
        access_token: token,
        token_type: 'bearer',
        expires_in: TOKEN_SECONDS,
        scope: scopes.join(' '),
      };
    } catch (error) {
      if (!(error instanceof AssertionRefused)) throw error;
      await this.recordRefusal(audited, error);
      throw oauthRefusal('invalid_client', error.text);
    }
  }

  private async recordRefusal(audited: AuditedCall, { named }: AssertionRefused): Promise<void> {
    if (named === undefined) return;
    const refused = { outcome: 'refused', status: 401, detail: { code: 'invalid_client' } } as const;
    await this.scope.run(named, () => this.scope.recordAlone(audited, refused));
  }
}

function requested(input: z.output<typeof TokenInput>): { assertion: string; wanted: readonly string[] } {
  if (input.grant_type === undefined) throw oauthRefusal('invalid_request', msg('grant-type-unsupported'));
  if (input.grant_type !== 'client_credentials')
    throw oauthRefusal('unsupported_grant_type', msg('grant-type-unsupported'));
  if (input.client_assertion_type !== ASSERTION_TYPE || input.client_assertion === undefined)
    throw oauthRefusal('invalid_client', msg('assertion-required', { type: ASSERTION_TYPE }));
  const wanted = [...new Set((input.scope ?? '').split(' ').filter((scope) => scope !== ''))];
  if (wanted.length === 0) throw oauthRefusal('invalid_scope', msg('scope-required'));
  if (wanted.length > MOST_SCOPES)
    throw oauthRefusal('invalid_scope', msg('too-many-scopes', { limit: MOST_SCOPES }));
  return { assertion: input.client_assertion, wanted };
}
