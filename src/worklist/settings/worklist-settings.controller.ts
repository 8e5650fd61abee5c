import { Body, Controller, Get, Headers, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { IF_MATCH } from '../../platform/http/if-match.js';
import { WorklistSettings, WorklistSettingsInput } from './worklist-settings.js';
import { type TaggedSettings, WorklistSettingsService } from './worklist-settings.service.js';

type View = z.output<typeof WorklistSettings>;

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('worklist-settings')
export class WorklistSettingsController {
  constructor(private readonly settings: WorklistSettingsService) {}

  @Get()
  @ApiOperation({ summary: 'What the hospital decided about the work of its ward, with all defaults' })
  @ApiResponse({ status: 200, standardSchema: WorklistSettings })
  async get(@Res({ passthrough: true }) reply: FastifyReply): Promise<View> {
    return answer(await this.settings.get(), reply);
  }

  @Put()
  @ApiOperation({
    summary: 'Replace the settings of the ward; a section or field that is left out gets its default again',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: WorklistSettings })
  async replace(
    @Body({ schema: WorklistSettingsInput }) settings: z.output<typeof WorklistSettingsInput>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<View> {
    return answer(await this.settings.replace(settings, ifMatch), reply);
  }
}

function answer({ settings, etag }: TaggedSettings, reply: FastifyReply): View {
  reply.header('etag', etag);
  return settings;
}
