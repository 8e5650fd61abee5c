import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { invalid } from '../../platform/domain-error.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { languageHeaders } from '../../platform/messages/language.js';
import { msg } from '../../platform/messages/dictionary.js';
import { WorklistParameters } from '../../worklist/lists/worklist-query.js';
import { type FileFormat, MEDIA_TYPES } from '../../platform/spreadsheets/sheet.js';
import { MOST_ROWS, WorklistExports } from './worklist-export.service.js';

const ExportParameters = WorklistParameters.omit({ cursor: true, limit: true }).extend({
  saved: Uuid.optional().describe('The id of a saved list, instead of all other parameters'),
  lang: z
    .enum(['zh', 'en'])
    .optional()
    .describe('The language of headings and words; default: Accept-Language'),
});
type ExportParameters = z.output<typeof ExportParameters>;

const description =
  `The same parameters and rows as GET /worklist, all of them: at most ${MOST_ROWS}, and 413 export-too-large for a list that ` +
  'has more. A row is a patient or, with view=items or without a list, an item. Names and phones are in the file.';

const file = (format: FileFormat) => ({
  ...{ status: 200, description: 'The file' },
  content: { [MEDIA_TYPES[format].split(';')[0] ?? '']: { schema: { type: 'string' } } } as const,
});

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('exports')
export class WorklistExportController {
  constructor(private readonly exports: WorklistExports) {}

  @Get('worklist.xlsx')
  @ApiOperation({ summary: 'A list of the worklist as a spreadsheet', description })
  @ApiResponse(file('xlsx'))
  async xlsx(
    @Query({ schema: ExportParameters }) parameters: ExportParameters,
    @AnswerLanguage() language: Language,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.send(parameters, 'xlsx', language, reply);
  }

  @Get('worklist.csv')
  @ApiOperation({ summary: 'A list of the worklist as CSV in UTF-8', description })
  @ApiResponse(file('csv'))
  async csv(
    @Query({ schema: ExportParameters }) parameters: ExportParameters,
    @AnswerLanguage() language: Language,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.send(parameters, 'csv', language, reply);
  }

  private async send(
    { lang, ...asked }: ExportParameters,
    format: FileFormat,
    accepted: Language,
    reply: FastifyReply,
  ): Promise<void> {
    refuseBesideSaved(asked);
    const language = lang ?? accepted;
    const { bytes, fileName } = await this.exports.file(asked, format, language);
    await reply
      .headers({ ...languageHeaders(language), 'content-type': MEDIA_TYPES[format] })
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(bytes);
  }
}

function refuseBesideSaved({ saved, ...others }: Omit<ExportParameters, 'lang'>): void {
  if (saved === undefined) return;
  const faults = Object.keys(others).map((name) => ({
    ...{ pointer: `/${name}`, code: 'not-together' },
    message: msg('not-together', { name, other: 'saved' }),
  }));
  if (faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
}
