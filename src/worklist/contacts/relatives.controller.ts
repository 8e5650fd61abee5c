import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Uuid } from '../../platform/http/paging.js';
import {
  RelativeCorrection,
  RelativeInput,
  RelativesView,
  RelativeView,
  relativeView,
} from './relative-schemas.js';
import { RelativesService } from './relatives.service.js';

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('patients/:id/relatives')
export class RelativesController {
  constructor(private readonly relatives: RelativesService) {}

  @Get()
  @ApiOperation({ summary: 'The people through whom the patient can be reached, in the order of calling' })
  @ApiResponse({ status: 200, standardSchema: RelativesView })
  async list(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof RelativesView>> {
    return { items: (await this.relatives.list(id)).map(relativeView) };
  }

  @Post()
  @ApiOperation({ summary: 'Add a person through whom the patient can be reached' })
  @ApiResponse({ status: 201, standardSchema: RelativeView })
  async add(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: RelativeInput }) input: RelativeInput,
  ): Promise<z.input<typeof RelativeView>> {
    return relativeView(await this.relatives.add(id, input));
  }

  @Patch(':relativeId')
  @ApiOperation({ summary: 'Correct what is written of a relative' })
  @ApiResponse({ status: 200, standardSchema: RelativeView })
  async correct(
    @Param('id', { schema: Uuid }) id: string,
    @Param('relativeId', { schema: Uuid }) relativeId: string,
    @Body({ schema: RelativeCorrection }) correction: RelativeCorrection,
  ): Promise<z.input<typeof RelativeView>> {
    return relativeView(await this.relatives.correct(id, relativeId, correction));
  }

  @Delete(':relativeId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a relative; name, phone and note are destroyed' })
  @ApiResponse({ status: 204, description: 'Removed' })
  async remove(
    @Param('id', { schema: Uuid }) id: string,
    @Param('relativeId', { schema: Uuid }) relativeId: string,
  ): Promise<void> {
    await this.relatives.remove(id, relativeId);
  }
}
