import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { MessageSettings, MessageSettingsInput } from './message-settings.js';
import { MessageSettingsService } from './message-settings.service.js';

@ApiTags('patient messages')
@ApiBearerAuth()
@Controller('message-settings')
export class MessageSettingsController {
  constructor(private readonly settings: MessageSettingsService) {}

  @Get()
  @ApiOperation({ summary: 'What the hospital decided about messages to its patients, with all defaults' })
  @ApiResponse({ status: 200, standardSchema: MessageSettings })
  get(): Promise<z.output<typeof MessageSettings>> {
    return this.settings.get();
  }

  @Put()
  @ApiOperation({
    summary: 'Replace the settings; a field that is left out gets its default again',
    description: 'Facts from before messages were enabled cause no message.',
  })
  @ApiResponse({ status: 200, standardSchema: MessageSettings })
  replace(
    @Body({ schema: MessageSettingsInput }) input: z.output<typeof MessageSettingsInput>,
  ): Promise<z.output<typeof MessageSettings>> {
    return this.settings.replace(input);
  }
}
