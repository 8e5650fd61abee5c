import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Uuid } from '../../platform/http/paging.js';
import { SenderInput, SenderList, SenderPatch, SenderView } from './sender-schemas.js';
import { Senders, type StoredSender } from './senders.service.js';

@ApiTags('exchange')
@ApiBearerAuth()
@Controller('hl7v2-senders')
export class SendersController {
  constructor(private readonly senders: Senders) {}

  @Post()
  @ApiOperation({ summary: 'Let a system send HL7 v2 over MLLP' })
  @ApiResponse({ status: 201, standardSchema: SenderView })
  async register(@Body({ schema: SenderInput }) input: SenderInput): Promise<SenderView> {
    return viewOf(await this.senders.register(input));
  }

  @Get()
  @ApiOperation({
    summary: 'The systems that send HL7 v2 over MLLP, in the order in which they were registered',
  })
  @ApiResponse({ status: 200, standardSchema: SenderList })
  async list(): Promise<{ items: SenderView[] }> {
    return { items: (await this.senders.list()).map(viewOf) };
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change or disable a sender',
    description:
      'In force within two seconds. A disabled sender keeps its facility, so that its messages reach no one else.',
  })
  @ApiResponse({ status: 200, standardSchema: SenderView })
  async change(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: SenderPatch }) patch: SenderPatch,
  ): Promise<SenderView> {
    return viewOf(await this.senders.change(id, patch));
  }
}

const viewOf = ({ createdAt, disabledAt, addresses, ...sender }: StoredSender): SenderView => ({
  ...sender,
  addresses: [...addresses],
  createdAt: createdAt.toISOString(),
  disabledAt: disabledAt?.toISOString() ?? null,
});
