import {
  Body,
  Controller,
  Get,
  HttpCode,
  type OnModuleInit,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError } from '../../platform/domain-error.js';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { cookieOf, setCookie } from '../sign-in/session-cookies.js';
import { signInContextOf } from '../sign-in/session-answer.js';
import { SingleSignOn } from './single-sign-on.service.js';
import { SsoLogout } from './sso-logout.service.js';
import { CodeParam } from './sso-schemas.js';
import { msg } from '../../platform/messages/dictionary.js';

const LogoutInput = z.object({ logout_token: z.string().min(1).max(20_000) });
// Providers add parameters of their own, which OpenID Connect Core 3.1.2.7 says to ignore.
const CallbackQuery = z.looseObject({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
});

const StartQuery = z.strictObject({
  reauthenticate: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: the provider asks for the password again, which counts as a step-up'),
});

const LOGOUT = '/api/v1/sso/:hospital/:provider/logout';

// The browser comes from another site, and sends the new SameSite cookie only after a page of this site.
const ARRIVED =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><a href="/">nedwatch</a>';

@ApiTags('single sign-on')
@Controller('sso/:hospital/:provider')
export class SingleSignOnController implements OnModuleInit {
  constructor(
    private readonly service: SingleSignOn,
    private readonly logouts: SsoLogout,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  /** Parses forms for the logout call only, because a page of any site can send a form. */
  onModuleInit(): void {
    this.host.httpAdapter
      .getInstance()
      .addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: 30_000 },
        (request, body, done) => {
          if (request.routeOptions.url === LOGOUT)
            done(null, Object.fromEntries(new URLSearchParams(String(body))));
          else done(new DomainError('unsupported', 'unsupported-media-type', msg('json-required')));
        },
      );
  }

  @Get('start')
  @ApiOperation({ summary: 'Redirect the browser to the sign-on provider of the hospital' })
  @ApiResponse({ status: 302, description: 'To the sign-on provider' })
  async start(
    @Param('hospital', { schema: CodeParam }) hospital: string,
    @Param('provider', { schema: CodeParam }) provider: string,
    @Query({ schema: StartQuery }) { reauthenticate }: z.output<typeof StartQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const origin = `${request.protocol}://${request.host}`;
    const { url, oidcState } = await this.service.start(
      { hospital, provider },
      origin,
      reauthenticate === 'true',
      auditedCallOf(request, 'GET /sso/:hospital/:provider/start'),
    );
    setCookie(request, reply, 'oidcState', oidcState);
    await reply.redirect(url, 302);
  }

  @Get('callback')
  @ApiOperation({ summary: 'The redirect URI of the provider: starts a session, in a cookie' })
  @ApiProduces('text/html')
  @ApiResponse({
    status: 200,
    description: 'Signed in',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  async callback(
    @Param('hospital', { schema: CodeParam }) hospital: string,
    @Param('provider', { schema: CodeParam }) provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: CallbackQuery }) sent: z.output<typeof CallbackQuery>,
  ): Promise<string> {
    const query = new URLSearchParams(sent as Record<string, string>).toString();
    const kept = cookieOf(request, 'oidcState');
    setCookie(request, reply, 'oidcState', null);
    const context = signInContextOf(request, 'cookie');
    const audited = auditedCallOf(request, 'GET /sso/:hospital/:provider/callback');
    const { token } = await this.service.finish({ hospital, provider }, query, kept, { context, audited });
    setCookie(request, reply, 'session', token);
    void reply.type('text/html; charset=utf-8');
    return ARRIVED;
  }

  @Post('logout')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Back-channel logout: the provider ends the sessions that it has started',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: { type: 'object', required: ['logout_token'], properties: { logout_token: { type: 'string' } } },
  })
  @ApiResponse({ status: 200, description: 'Ended' })
  async logout(
    @Param('hospital', { schema: CodeParam }) hospital: string,
    @Param('provider', { schema: CodeParam }) provider: string,
    @Body({ schema: LogoutInput }) { logout_token: token }: z.output<typeof LogoutInput>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const audited = auditedCallOf(request, 'POST /sso/:hospital/:provider/logout');
    await this.logouts.logout({ hospital, provider }, token, audited);
  }
}
