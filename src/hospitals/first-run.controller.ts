import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { signInContextOf, startedView } from '../accounts/sign-in/session-answer.js';
import { SessionStartedView } from '../accounts/sign-in/sign-in-schemas.js';
import { auditedCallOf, type Identified } from '../tenancy/request-caller.js';
import { FirstRunInput, FirstRunView } from './first-run-schemas.js';
import { FirstRun, type FirstRunProgress } from './first-run.service.js';

@ApiTags('hospitals')
@Controller('first-run')
export class FirstRunController {
  constructor(private readonly firstRun: FirstRun) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Name the hospital of an empty program and register its first administrator',
    description:
      'Needs the token of the link that the start of the program prints. It is valid for a day, once, and only while the hospital has no people. Begins a session in the browser.',
  })
  @ApiResponse({ status: 200, standardSchema: SessionStartedView })
  async begin(
    @Body({ schema: FirstRunInput }) input: FirstRunInput,
    @Req() request: FastifyRequest & Identified,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionStartedView> {
    const audited = auditedCallOf(request, 'POST /first-run');
    const begun = await this.firstRun.begin(input, signInContextOf(request, 'cookie'), audited);
    return startedView(request, reply, 'cookie', begun);
  }

  @Get()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'How far the first run of the hospital is' })
  @ApiResponse({ status: 200, standardSchema: FirstRunView })
  async progress(): Promise<z.input<typeof FirstRunView>> {
    return viewOf(await this.firstRun.progress());
  }

  @Post('finish')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Finish the first run: the pages begin with the worklist from now on' })
  @ApiResponse({ status: 200, standardSchema: FirstRunView })
  async finish(): Promise<z.input<typeof FirstRunView>> {
    return viewOf(await this.firstRun.finish());
  }
}

const viewOf = ({ setUpAt, ...progress }: FirstRunProgress): z.input<typeof FirstRunView> => ({
  ...progress,
  setUpAt: setUpAt?.toISOString() ?? null,
});
