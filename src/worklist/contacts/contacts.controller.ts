import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { nextCursor, Uuid } from '../../platform/http/paging.js';
import {
  ContactInput,
  ContactQuery,
  contactStateView,
  ContactsView,
  contactView,
  RecordedContactView,
  VoidContactInput,
} from './contact-schemas.js';
import { ContactsService, type RecordedContact } from './contacts.service.js';

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('patients/:id/contacts')
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  @Post()
  @ApiOperation({
    summary: 'Record an attempt to reach the patient; answers with what the ladder proposes next',
  })
  @ApiResponse({ status: 201, standardSchema: RecordedContactView })
  async record(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ContactInput }) input: ContactInput,
  ): Promise<z.input<typeof RecordedContactView>> {
    return recordedView(await this.contacts.record(id, input));
  }

  @Get()
  @ApiOperation({
    summary: 'The attempts to reach the patient, the newest first, and what follows from them',
  })
  @ApiResponse({ status: 200, standardSchema: ContactsView })
  async list(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: ContactQuery }) { limit, cursor }: z.output<typeof ContactQuery>,
  ): Promise<z.input<typeof ContactsView>> {
    const { contacts, state, ...followUp } = await this.contacts.list(id, limit, cursor);
    return {
      items: contacts.slice(0, limit).map(contactView),
      nextCursor: nextCursor(contacts, limit, ({ contactedOn, recordedAt, id: row }) => [
        contactedOn,
        recordedAt.toISOString(),
        row,
      ]),
      state: contactStateView(state, followUp),
    };
  }

  @Post(':contactId/void')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take back an attempt that was recorded wrongly; the patient returns to the lists',
  })
  @ApiResponse({ status: 200, standardSchema: RecordedContactView })
  async void(
    @Param('id', { schema: Uuid }) id: string,
    @Param('contactId', { schema: Uuid }) contactId: string,
    @Body({ schema: VoidContactInput }) input: z.output<typeof VoidContactInput>,
  ): Promise<z.input<typeof RecordedContactView>> {
    return recordedView(await this.contacts.void(id, contactId, input));
  }
}

const recordedView = ({
  contact,
  state,
  ...followUp
}: RecordedContact): z.input<typeof RecordedContactView> => ({
  id: contact.id,
  contact: contactView(contact),
  state: contactStateView(state, followUp),
});
