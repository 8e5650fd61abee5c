import { Body, Controller, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import { ChangeFeed } from './change-feed.js';
import { readPosition } from './event-stream.js';
import { PresenceService } from './presence.service.js';

const StreamParameters = z.object({
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .describe('false: only what has happened since Last-Event-ID, for those who cannot hold a connection'),
});

const PresenceInput = z
  .strictObject({ working: z.boolean().default(true).describe('false: no longer') })
  .meta({ id: 'PresenceInput' });

const PresenceView = z
  .object({
    until: z.iso.datetime().nullable().describe('Until then, unless it is said again; null: no longer'),
    workingNow: z.array(z.string()).describe('All who work on this row now'),
  })
  .meta({ id: 'Presence' });

@ApiTags('worklist')
@ApiBearerAuth()
@Controller()
export class StreamController {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly presences: PresenceService,
  ) {}

  @Get('stream')
  @ApiOperation({
    summary:
      'Changes of the lists as server-sent events: ready, change {patientId, kind, workingNow?}, reload (load everything again)',
  })
  @ApiHeader({ name: 'last-event-id', required: false, description: 'Resumes behind the event of this id' })
  @ApiResponse({ status: 200, content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async stream(
    @Query({ schema: StreamParameters }) { follow }: z.output<typeof StreamParameters>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const output = this.feed.open({ after: readPosition(lastEventId), follows: follow === 'true' });
    // A proxy would hold the events back until its buffer is full.
    await reply
      .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
      .send(output);
  }

  @Put('patients/:id/presence')
  @ApiOperation({ summary: 'Say that one works on the row of this patient, for a minute' })
  @ApiResponse({ status: 200, standardSchema: PresenceView })
  async presence(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: PresenceInput }) { working }: z.output<typeof PresenceInput>,
  ): Promise<z.input<typeof PresenceView>> {
    const { until, names } = await this.presences.note(id, working);
    return { until: until?.toISOString() ?? null, workingNow: [...names] };
  }
}
