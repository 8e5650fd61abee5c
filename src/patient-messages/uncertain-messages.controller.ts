import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '../platform/http/paging.js';
import {
  MessageSettlement,
  MessagesQuery,
  PatientMessagesView,
  PatientMessageView,
} from './messages-view.js';
import { UncertainMessages } from './uncertain-messages.service.js';

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('patient-messages')
export class UncertainMessagesController {
  constructor(private readonly messages: UncertainMessages) {}

  @Get('uncertain')
  @ApiOperation({
    summary: 'The messages that the gateway may have taken or not, the longest waiting first',
    description: 'They are not repeated until a person settles them.',
  })
  @ApiResponse({ status: 200, standardSchema: PatientMessagesView })
  list(@Query({ schema: MessagesQuery }) query: MessagesQuery): Promise<PatientMessagesView> {
    return this.messages.list(query);
  }

  @Post(':id/settle')
  @HttpCode(200)
  @ApiOperation({ summary: 'Settle an uncertain message: it was sent, it was not sent, or it is repeated' })
  @ApiResponse({ status: 200, standardSchema: PatientMessageView })
  settle(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: MessageSettlement }) settlement: MessageSettlement,
  ): Promise<PatientMessageView> {
    return this.messages.settle(id, settlement);
  }
}
