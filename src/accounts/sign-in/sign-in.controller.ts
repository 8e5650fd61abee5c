import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identified } from '../../tenancy/request-caller.js';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { cookieOf, setCookie } from './session-cookies.js';
import { signInContextOf, startedView } from './session-answer.js';
import { Sessions } from './sessions.service.js';
import { SessionStartedView, SignInInput } from './sign-in-schemas.js';
import { SignIn } from './sign-in.service.js';

@ApiTags('sign-in')
@Controller()
export class SignInController {
  constructor(
    private readonly service: SignIn,
    private readonly sessions: Sessions,
    private readonly scope: HospitalScope,
  ) {}

  @Post('sign-in')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Begin a session: with login and password, and a code where an authenticator is enrolled',
    description:
      'Where 403 second-factor-required or new-password-required is answered, send the same again with what is missing.',
  })
  @ApiResponse({ status: 200, standardSchema: SessionStartedView })
  async signIn(
    @Body({ schema: SignInInput }) input: SignInInput,
    @Req() request: FastifyRequest & Identified,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionStartedView> {
    const signedIn = await this.service.signIn(input, {
      ...signInContextOf(request, input.as),
      deviceToken: cookieOf(request, 'device'),
      audited: auditedCallOf(request, 'POST /sign-in'),
    });
    if (input.as === 'cookie') setCookie(request, reply, 'device', signedIn.deviceToken);
    return startedView(request, reply, input.as, signedIn);
  }

  @Post('sign-out')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End the session that asks' })
  async signOut(
    @Req() request: FastifyRequest & Identified,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.scope.transaction((tx) => this.sessions.end(tx, tx.caller.id, tx.caller.session?.id ?? ''));
    if (request.caller?.session?.kind === 'cookie') setCookie(request, reply, 'session', null);
  }
}
