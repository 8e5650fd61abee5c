import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { type FileFormat, MEDIA_TYPES } from '../../platform/spreadsheets/sheet.js';
import { SheetFiles } from '../../platform/spreadsheets/sheet-files.js';
import { AdherenceFileQuery } from '../../statistics/adherence-schemas.js';
import { AdherenceService } from '../../statistics/adherence.service.js';
import { ResearchDates } from '../../statistics/research-dates.service.js';
import { sheetOf, type Table } from '../../statistics/table.js';
import { adherenceTable, MOST_RESEARCH_ROWS, refuseTooManyRows, researchTable } from './adherence-export.js';

const ResearchQuery = z.strictObject({
  pseudonymous: z.enum(['true', 'false']).default('false'),
});

const file = (type: string) => ({
  ...{ status: 200, description: 'A file' },
  content: { [type]: { schema: { type: 'string' as const, format: 'binary' } } },
});

@ApiTags('statistics')
@ApiBearerAuth()
@Controller('exports')
export class AdherenceExportController {
  constructor(
    private readonly adherence: AdherenceService,
    private readonly research: ResearchDates,
    private readonly files: SheetFiles,
  ) {}

  @Get('adherence.xlsx')
  @ApiOperation({ summary: 'The figures of GET /adherence as an XLSX file' })
  @ApiProduces(MEDIA_TYPES.xlsx)
  @ApiResponse(file(MEDIA_TYPES.xlsx))
  async xlsx(
    @Query({ schema: AdherenceFileQuery }) query: z.output<typeof AdherenceFileQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.file(await this.adherenceTable(query, language), 'adherence', 'xlsx');
  }

  @Get('adherence.csv')
  @ApiOperation({ summary: 'The figures of GET /adherence as a CSV file' })
  @ApiProduces('text/csv')
  @ApiResponse(file('text/csv'))
  async csv(
    @Query({ schema: AdherenceFileQuery }) query: z.output<typeof AdherenceFileQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    return this.file(await this.adherenceTable(query, language), 'adherence', 'csv');
  }

  @Get('research-dates.xlsx')
  @ApiOperation({
    summary: `The rows of GET /research-dates as an XLSX file; ${MOST_RESEARCH_ROWS} patients at most`,
  })
  @ApiProduces(MEDIA_TYPES.xlsx)
  @ApiResponse(file(MEDIA_TYPES.xlsx))
  async researchXlsx(
    @Query({ schema: ResearchQuery }) query: z.output<typeof ResearchQuery>,
  ): Promise<StreamableFile> {
    return this.file(await this.researchTable(query), 'research-dates', 'xlsx');
  }

  @Get('research-dates.csv')
  @ApiOperation({
    summary: `The rows of GET /research-dates as a CSV file; ${MOST_RESEARCH_ROWS} patients at most`,
  })
  @ApiProduces('text/csv')
  @ApiResponse(file('text/csv'))
  async researchCsv(
    @Query({ schema: ResearchQuery }) query: z.output<typeof ResearchQuery>,
  ): Promise<StreamableFile> {
    return this.file(await this.researchTable(query), 'research-dates', 'csv');
  }

  private async adherenceTable(
    { by, lang, ...period }: z.output<typeof AdherenceFileQuery>,
    language: Language,
  ): Promise<Table> {
    return adherenceTable(await this.adherence.figures(period, by), lang ?? language);
  }

  private async researchTable({ pseudonymous }: z.output<typeof ResearchQuery>): Promise<Table> {
    const rows = await this.research.page(MOST_RESEARCH_ROWS, undefined);
    refuseTooManyRows(rows);
    return researchTable(rows, pseudonymous === 'true');
  }

  private async file(table: Table, name: string, format: FileFormat): Promise<StreamableFile> {
    return new StreamableFile(await this.files.write({ sheets: [sheetOf(table)], format }), {
      ...{ type: MEDIA_TYPES[format], disposition: `attachment; filename="${name}.${format}"` },
    });
  }
}
