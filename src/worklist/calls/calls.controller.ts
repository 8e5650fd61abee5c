import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { contactStateView, contactView } from '../contacts/contact-schemas.js';
import { CallInput, NextCallQuery, NextCallView, nextCallView, RecordedCallView } from './call-schemas.js';
import { CallsService } from './calls.service.js';

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('calls')
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @Get('next')
  @ApiOperation({
    summary: 'The next patient to call, with numbers, what is due and why, preparation and script',
    description:
      'The most urgent patient of the list who lives, is not resting, was not called today and is in no other hands. The patient ' +
      'is kept for the caller for ten minutes.',
  })
  @ApiResponse({ status: 200, standardSchema: NextCallView })
  async next(@Query({ schema: NextCallQuery }) query: NextCallQuery): Promise<z.input<typeof NextCallView>> {
    return nextCallView(await this.calls.next(query));
  }

  @Delete('claims')
  @HttpCode(204)
  @ApiOperation({ summary: 'Stop calling: other callers are offered the patients that were kept' })
  @ApiResponse({ status: 204 })
  async release(): Promise<void> {
    await this.calls.release();
  }

  @Post()
  @ApiOperation({ summary: 'Record the outcome of a call, and get the next patient to call' })
  @ApiResponse({ status: 201, standardSchema: RecordedCallView })
  async record(@Body({ schema: CallInput }) input: CallInput): Promise<z.input<typeof RecordedCallView>> {
    const { recorded, next } = await this.calls.record(input);
    const { contact, state, ...followUp } = recorded;
    return {
      id: contact.id,
      contact: contactView(contact),
      state: contactStateView(state, followUp),
      ...nextCallView(next),
    };
  }
}
