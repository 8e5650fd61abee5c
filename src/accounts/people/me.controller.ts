import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import type { Identified } from '../../tenancy/request-caller.js';
import { Me } from './me.service.js';
import { signInContextOf, sessionView, startedView } from '../sign-in/session-answer.js';
import {
  FreshProof,
  MePatch,
  MeView,
  PasswordInput,
  PasswordProof,
  RecoveryCodes,
  SessionList,
  SessionStartedView,
  StepUpView,
  TotpConfirmation,
  TotpEnrolment,
} from '../sign-in/sign-in-schemas.js';

@ApiTags('me')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  constructor(private readonly me: Me) {}

  @Get()
  @ApiOperation({ summary: 'Who asks: a person who has signed in, or a key' })
  @ApiResponse({ status: 200, standardSchema: MeView })
  async show(): Promise<MeView> {
    return this.me.show();
  }

  @Patch()
  @ApiOperation({ summary: 'Choose the language of your account' })
  @ApiResponse({ status: 200, standardSchema: MeView })
  change(@Body({ schema: MePatch }) patch: z.output<typeof MePatch>): Promise<MeView> {
    return this.me.change(patch);
  }

  @Post('password')
  @HttpCode(200)
  @ApiOperation({ summary: 'Choose another password; all sessions end, and a new one begins here' })
  @ApiResponse({ status: 200, standardSchema: SessionStartedView })
  async changePassword(
    @Body({ schema: PasswordInput }) input: z.output<typeof PasswordInput>,
    @Req() request: FastifyRequest & Identified,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionStartedView> {
    const kind = request.caller?.session?.kind ?? 'token';
    return startedView(
      request,
      reply,
      kind,
      await this.me.changePassword(input, signInContextOf(request, kind)),
    );
  }

  @Post('step-up')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Prove password and code again: for five minutes this session can change access rights',
  })
  @ApiResponse({ status: 200, standardSchema: StepUpView })
  async stepUp(@Body({ schema: FreshProof }) proof: FreshProof): Promise<z.output<typeof StepUpView>> {
    return { until: (await this.me.stepUp(proof)).toISOString() };
  }

  @Post('totp')
  @HttpCode(200)
  @ApiOperation({ summary: 'Enrol an authenticator (RFC 6238); it counts once its first code is confirmed' })
  @ApiResponse({ status: 200, standardSchema: TotpEnrolment })
  async enrol(
    @Body({ schema: PasswordProof }) { password }: { password: string },
  ): Promise<z.output<typeof TotpEnrolment>> {
    return this.me.enrol(password);
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm the authenticator by its first code; from now on sign-in asks for one' })
  @ApiResponse({ status: 200, standardSchema: RecoveryCodes })
  async confirm(
    @Body({ schema: TotpConfirmation }) { code }: { code: string },
  ): Promise<z.output<typeof RecoveryCodes>> {
    return { recoveryCodes: await this.me.confirm(code) };
  }

  @Delete('totp')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove the authenticator, by password and a code of it; ends all other sessions',
  })
  async takeAway(@Body({ schema: FreshProof }) proof: FreshProof): Promise<void> {
    await this.me.takeAway(proof);
  }

  @Get('sessions')
  @ApiOperation({ summary: 'Where you are signed in, newest first' })
  @ApiResponse({ status: 200, standardSchema: SessionList })
  async sessions(@Req() { caller }: Identified): Promise<SessionList> {
    const sessions = await this.me.listSessions();
    return { items: sessions.map((session) => sessionView(session, caller?.session?.id)) };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions' })
  async endSession(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.me.endSession(id);
  }
}
