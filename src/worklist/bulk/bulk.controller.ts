import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { renderFaults } from '../../platform/domain-error.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { render } from '../../platform/messages/dictionary.js';
import { BulkInput, BulkView } from './bulk-schemas.js';
import { type BulkResult, BulkService } from './bulk.service.js';

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('worklist')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  @Post('bulk')
  @HttpCode(200)
  @ApiOperation({ summary: 'Do one thing for many rows; the answer says for each what became of it' })
  @ApiResponse({ status: 200, standardSchema: BulkView })
  async run(
    @Body({ schema: BulkInput }) input: BulkInput,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof BulkView>> {
    const results = await this.bulk.run(input);
    const refused = results.filter(({ refusal }) => refusal !== null).length;
    return {
      done: results.length - refused,
      refused,
      results: results.map((result) => resultView(result, language)),
    };
  }
}

const resultView = (
  { itemId, patientId, resultId, appointmentId, contactId, etag, refusal }: BulkResult,
  language: Language,
): z.input<typeof BulkView>['results'][number] => ({
  ...{ itemId, patientId, resultId, appointmentId, contactId, etag },
  done: refusal === null,
  problem: refusal && {
    code: refusal.code,
    title: render(refusal.text, language),
    errors: renderFaults(refusal.faults, language),
  },
});
