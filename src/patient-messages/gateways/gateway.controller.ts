import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { GatewayConfig, MessageGatewayView } from './gateway-config.js';
import { GatewayService } from './gateway.service.js';

type View = z.output<typeof MessageGatewayView>;

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('message-gateway')
export class GatewayController {
  constructor(private readonly gateway: GatewayService) {}

  @Get()
  @ApiOperation({ summary: "The hospital's SMS gateway, without secrets, and whether it is paused" })
  @ApiResponse({ status: 200, standardSchema: MessageGatewayView })
  get(): Promise<View> {
    return this.gateway.get();
  }

  @Put()
  @ApiOperation({
    summary: 'Set up or replace the SMS gateway: one HTTP request for each message',
    description:
      'Words in braces are encoded where they stand. The address must be one to which requests may go. Ends a pause.',
  })
  @ApiResponse({ status: 200, standardSchema: MessageGatewayView })
  replace(@Body({ schema: GatewayConfig }) config: GatewayConfig): Promise<View> {
    return this.gateway.replace(config);
  }
}
