import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '../platform/http/paging.js';
import { MessagesQuery, PatientMessagesView } from './messages-view.js';
import { PatientMessages } from './patient-messages.service.js';

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('patients/:id/messages')
export class PatientMessagesController {
  constructor(private readonly messages: PatientMessages) {}

  @Get()
  @ApiOperation({ summary: 'The messages to a patient, the newest first, and what became of each' })
  @ApiResponse({ status: 200, standardSchema: PatientMessagesView })
  list(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: MessagesQuery }) query: MessagesQuery,
  ): Promise<PatientMessagesView> {
    return this.messages.list(id, query);
  }
}
