import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { cookieOf, setCookie } from '../sign-in/session-cookies.js';
import { signInContextOf } from '../sign-in/session-answer.js';
import { LinkedPatient, patientLinkPath } from './patient-link.js';
import { SingleSignOn } from './single-sign-on.service.js';
import { SsoLogout } from './sso-logout.service.js';
import { CodeParam } from './sso-schemas.js';

const LogoutInput = z.object({ logout_token: z.string().min(1).max(20_000) });
// Providers add parameters of their own, which OpenID Connect Core 3.1.2.7 says to ignore.
const CallbackQuery = z.looseObject({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
});

const StartQuery = LinkedPatient.extend({
  reauthenticate: z
    .enum(['true', 'false'])
    .default('false')
    .describe('true: the provider asks for the password again, which counts as a step-up'),
}).strict();

// The browser comes from another site, and sends the new SameSite cookie only after a page of this site.
const arrived = (path: string): string => {
  const address = path.replaceAll('&', '&amp;').replaceAll('"', '%22');
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}"><a href="${address}">nedwatch</a>`;
};

@ApiTags('single sign-on')
@Controller('sso/:hospital/:provider')
export class SingleSignOnController {
  constructor(
    private readonly service: SingleSignOn,
    private readonly logouts: SsoLogout,
  ) {}

  @Get('start')
  @ApiOperation({ summary: 'Redirect the browser to the sign-on provider of the hospital' })
  @ApiResponse({
    status: 302,
    description: 'To the sign-on provider; afterwards to the patient, if one is named',
  })
  async start(
    @Param('hospital', { schema: CodeParam }) hospital: string,
    @Param('provider', { schema: CodeParam }) provider: string,
    @Query({ schema: StartQuery }) { reauthenticate, ...linked }: z.output<typeof StartQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const origin = `${request.protocol}://${request.host}`;
    const { url, oidcState } = await this.service.start(
      { hospital, provider },
      origin,
      { reauthenticate: reauthenticate === 'true', linked },
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
    const { token, linked } = await this.service.finish({ hospital, provider }, query, kept, {
      context,
      audited,
    });
    setCookie(request, reply, 'session', token);
    void reply.type('text/html; charset=utf-8');
    return arrived(linked === undefined ? '/' : patientLinkPath(linked, { hospital, step: 'signed-in' }));
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
