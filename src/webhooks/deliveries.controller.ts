import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DeliveriesService } from './deliveries.service.js';
import { IdParam, QueuedDelivery } from './webhook-schemas.js';

@ApiTags('webhooks')
@Controller('deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Post(':id/replay')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send this message once more, with the same webhook-id and body' })
  @ApiResponse({ status: 202, standardSchema: QueuedDelivery })
  replay(@Param({ schema: IdParam }) { id }: IdParam): Promise<QueuedDelivery> {
    return this.deliveries.replay(id);
  }
}
