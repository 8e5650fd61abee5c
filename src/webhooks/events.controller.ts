import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EventsService } from './events.service.js';
import { EventPage, EventsQuery } from './webhook-schemas.js';

@ApiTags('webhooks')
@Controller('events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @ApiOperation({
    summary: 'The events after a position, for systems that poll',
  })
  @ApiResponse({ status: 200, standardSchema: EventPage })
  list(@Query({ schema: EventsQuery }) query: EventsQuery): Promise<EventPage> {
    return this.events.since(query);
  }
}
