import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '../../platform/http/paging.js';
import { Replies } from './replies.service.js';
import { ReceivedReplyView, RepliesQuery, RepliesView, ReplyInput, ReplyView } from './reply-schemas.js';

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('patient-messages/replies')
export class RepliesController {
  constructor(private readonly replies: Replies) {}

  @Post()
  @ApiOperation({
    summary:
      'Report a reply of a patient: 1 confirms the appointment, 2 requests a call, TD withdraws the consent',
  })
  @ApiResponse({ status: 201, standardSchema: ReceivedReplyView })
  receive(@Body({ schema: ReplyInput }) input: ReplyInput): Promise<ReceivedReplyView> {
    return this.replies.receive(input);
  }

  @Get()
  @ApiOperation({ summary: 'The replies that nobody has seen, the oldest first; or all of one patient' })
  @ApiResponse({ status: 200, standardSchema: RepliesView })
  list(@Query({ schema: RepliesQuery }) query: RepliesQuery): Promise<RepliesView> {
    return this.replies.list(query);
  }

  @Post(':id/seen')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mark a reply as seen' })
  @ApiResponse({ status: 200, standardSchema: ReplyView })
  markSeen(@Param('id', { schema: Uuid }) id: string): Promise<ReplyView> {
    return this.replies.markSeen(id);
  }
}
