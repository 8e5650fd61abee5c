import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { notFound } from '../domain-error.js';
import { type CatalogueEntry, EVENT_CATALOGUE } from './event-catalogue.js';

/** What receivers are told, for those who write one; open to everybody, as the API reference is. */
@ApiExcludeController()
@Controller({ path: 'api/docs/events' })
export class CatalogueController {
  /** Every type and version. */
  @Get()
  list(): { readonly events: readonly CatalogueEntry[] } {
    return { events: EVENT_CATALOGUE };
  }

  /** The schema of one, alone, for tools. */
  @Get(':type')
  @Header('content-type', 'application/schema+json; charset=utf-8')
  schema(@Param('type') type: string): object {
    const entry = EVENT_CATALOGUE.find((one) => one.type === type);
    if (!entry) throw notFound('event-type', type);
    return entry.schema;
  }
}
