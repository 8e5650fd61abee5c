import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { ComparisonView, comparisonView } from './comparison-view.js';
import { InventedPatient } from './invented-patient.js';
import { PreviewService } from './preview.service.js';

@ApiTags('previews')
@ApiBearerAuth()
@Controller('guidelines')
export class InventedPatientController {
  constructor(private readonly previews: PreviewService) {}

  @Post('comparison')
  @HttpCode(200)
  @ApiOperation({ summary: 'An invented patient under several guidelines, side by side. Nothing is saved' })
  @ApiResponse({ status: 200, standardSchema: ComparisonView })
  async compare(
    @Body({ schema: InventedPatient }) invented: InventedPatient,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof ComparisonView>> {
    return comparisonView(await this.previews.compareInvented(invented), language);
  }
}
