import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditedCallOf } from '../../tenancy/request-caller.js';
import { CalendarReader } from './calendar-reader.service.js';

/** The one call by which calendar programs read: they cannot sign in, so the address is the secret. */
@ApiTags('calendar')
@Controller('calendar')
export class CalendarController {
  constructor(private readonly reader: CalendarReader) {}

  @Get(':token.ics')
  @ApiOperation({ summary: 'A calendar (RFC 5545) by its secret address' })
  @ApiParam({ name: 'token', schema: { type: 'string' } })
  @ApiResponse({ status: 200, content: { 'text/calendar': { schema: { type: 'string' } } } })
  @ApiResponse({ status: 304, description: 'The calendar is the one that If-None-Match names' })
  async read(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const audited = auditedCallOf(request, 'GET /calendar/:token.ics');
    const { etag, body } = await this.reader.read(token, audited, request.headers['if-none-match']);
    void reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (body === null) await reply.status(304).send();
    else await reply.header('content-type', 'text/calendar; charset=utf-8').send(body);
  }
}
