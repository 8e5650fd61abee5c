import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { AdherenceQuery } from '../../statistics/adherence-schemas.js';
import { AdherenceService } from '../../statistics/adherence.service.js';
import { ResearchDates } from '../../statistics/research-dates.service.js';
import { CSV_TYPE, csvOf, type Table, XLSX_TYPE, xlsxOf } from '../../statistics/spreadsheet.js';
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
  ) {}

  @Get('adherence.xlsx')
  @ApiOperation({ summary: 'The figures of GET /adherence as an XLSX file' })
  @ApiProduces(XLSX_TYPE)
  @ApiResponse(file(XLSX_TYPE))
  async xlsx(
    @Query({ schema: AdherenceQuery }) query: z.output<typeof AdherenceQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    return workbook(await this.adherenceTable(query, language), 'adherence');
  }

  @Get('adherence.csv')
  @ApiOperation({ summary: 'The figures of GET /adherence as a CSV file' })
  @ApiProduces('text/csv')
  @ApiResponse(file('text/csv'))
  async csv(
    @Query({ schema: AdherenceQuery }) query: z.output<typeof AdherenceQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    return commaSeparated(await this.adherenceTable(query, language), 'adherence');
  }

  @Get('research-dates.xlsx')
  @ApiOperation({
    summary: `The rows of GET /research-dates as an XLSX file; ${MOST_RESEARCH_ROWS} patients at most`,
  })
  @ApiProduces(XLSX_TYPE)
  @ApiResponse(file(XLSX_TYPE))
  async researchXlsx(
    @Query({ schema: ResearchQuery }) query: z.output<typeof ResearchQuery>,
  ): Promise<StreamableFile> {
    return workbook(await this.researchTable(query), 'research-dates');
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
    return commaSeparated(await this.researchTable(query), 'research-dates');
  }

  private async adherenceTable(
    { by, ...period }: z.output<typeof AdherenceQuery>,
    language: Language,
  ): Promise<Table> {
    return adherenceTable(await this.adherence.figures(period, by), language);
  }

  private async researchTable({ pseudonymous }: z.output<typeof ResearchQuery>): Promise<Table> {
    const rows = await this.research.page(MOST_RESEARCH_ROWS, undefined);
    refuseTooManyRows(rows);
    return researchTable(rows, pseudonymous === 'true');
  }
}

const attachment = (name: string, type: string, ending: string) => ({
  ...{ type, disposition: `attachment; filename="${name}.${ending}"` },
});

const workbook = async (table: Table, name: string): Promise<StreamableFile> =>
  new StreamableFile(await xlsxOf([table]), attachment(name, XLSX_TYPE, 'xlsx'));

const commaSeparated = (table: Table, name: string): StreamableFile =>
  new StreamableFile(Buffer.from(csvOf(table)), attachment(name, CSV_TYPE, 'csv'));
