import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { notFound } from '../platform/domain-error.js';
import { type CatalogueEntry, ENCRYPTED_DATA, EVENT_CATALOGUE } from './messages/event-catalogue.js';

/** The catalogue of events for developers of receivers; public, like the API reference. */
@ApiExcludeController()
@Controller({ path: 'api/docs/events' })
export class CatalogueController {
  /** Every type and version. */
  @Get()
  list(): { readonly events: readonly CatalogueEntry[]; readonly encryptedData: object } {
    return { events: EVENT_CATALOGUE, encryptedData: ENCRYPTED_DATA };
  }

  /** The schema of one event, without further data, for tools. */
  @Get(':type')
  @Header('content-type', 'application/schema+json; charset=utf-8')
  schema(@Param('type') type: string): object {
    const entry = EVENT_CATALOGUE.find((one) => one.type === type);
    if (!entry) throw notFound('event-type', type);
    return entry.schema;
  }
}
