import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { TITLED_EVENT_FIELDS, TITLED_ROSTER_FIELDS } from '../../guideline/roster-fields.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { IMPORT_PHASES, IMPORT_STATES, ImportRuns, RUNS_KEPT } from './import-runs.js';
import { HeadingMappings, MOST_MAPPINGS } from './heading-mappings.js';
import { templateWorkbook } from './import-template.js';
import { RejectedRows } from './rejected-rows.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const WORKBOOK = {
  status: 200,
  description: 'A workbook',
  content: { [XLSX]: { schema: { type: 'string', format: 'binary' } } },
} as const;

const HeadingMappingsView = z
  .object({
    items: z
      .array(
        z.object({
          kind: z.enum(['roster', 'events']),
          heading: z.string(),
          field: z.string().nullable().describe('null: the column is not read'),
          mappedBy: z.string(),
          mappedAt: z.iso.datetime(),
        }),
      )
      .max(MOST_MAPPINGS),
  })
  .meta({ id: 'HeadingMappings' });

const ImportRunsView = z
  .object({
    items: z
      .array(
        z.object({
          id: z.uuid().describe('As `id` in the report of an import with rejected rows'),
          kind: z.enum(['roster', 'events']),
          dryRun: z.boolean(),
          startedBy: z.string(),
          startedAt: z.iso.datetime(),
          state: z
            .enum(IMPORT_STATES)
            .describe(
              'written: all of it is committed; of every other state nothing is. checked: a dry run. refused: rows are bad. interrupted: its process ended',
            ),
          phase: z.enum(IMPORT_PHASES).describe('How far it is, or where it ended'),
          done: z.int().describe('Rows of the phases checking and writing, patients of the phase planning'),
          total: z.int(),
          changedAt: z.iso.datetime(),
          hasRejectedRows: z.boolean().describe('GET /imports/{id}/rejected.xlsx has them'),
        }),
      )
      .max(RUNS_KEPT.runs),
  })
  .meta({ id: 'ImportRuns' });

const ImportFieldsQuery = z.object({ kind: z.enum(['roster', 'events']) });
const ImportFieldsView = z
  .object({
    items: z
      .array(
        z.object({
          field: z.string().describe('As a mapping names it'),
          title: z.object({ zh: z.string(), en: z.string() }),
          repeats: z.boolean().describe('Once for each visit: a mapping names `cea_2`'),
        }),
      )
      .max(100),
  })
  .meta({ id: 'ImportFields' });

const workbook = (content: Buffer, name: string): StreamableFile =>
  new StreamableFile(content, { type: XLSX, disposition: `attachment; filename="${name}.xlsx"` });

@ApiTags('imports')
@ApiBearerAuth()
@Controller('imports')
export class ImportFilesController {
  constructor(
    private readonly mappings: HeadingMappings,
    private readonly rejections: RejectedRows,
    private readonly runs: ImportRuns,
  ) {}

  @Get()
  @ApiOperation({
    summary: `The imports of the last ${RUNS_KEPT.days} days, ${RUNS_KEPT.runs} at most, and how far the running one is`,
  })
  @ApiResponse({ status: 200, standardSchema: ImportRunsView })
  async list(): Promise<z.input<typeof ImportRunsView>> {
    const items = await this.runs.list();
    return {
      items: items.map(({ startedAt, changedAt, ...run }) => ({
        ...run,
        startedAt: startedAt.toISOString(),
        changedAt: changedAt.toISOString(),
      })),
    };
  }

  @Get('mappings')
  @ApiOperation({ summary: 'What headings mean in this hospital, as given by mapping' })
  @ApiResponse({ status: 200, standardSchema: HeadingMappingsView })
  async listMappings(): Promise<z.input<typeof HeadingMappingsView>> {
    const items = await this.mappings.list();
    return { items: items.map((item) => ({ ...item, mappedAt: item.mappedAt.toISOString() })) };
  }

  @Get('fields')
  @ApiOperation({ summary: 'What a column of a file can contain' })
  @ApiResponse({ status: 200, standardSchema: ImportFieldsView })
  fields(
    @Query({ schema: ImportFieldsQuery }) { kind }: z.output<typeof ImportFieldsQuery>,
  ): z.input<typeof ImportFieldsView> {
    return { items: [...(kind === 'roster' ? TITLED_ROSTER_FIELDS : TITLED_EVENT_FIELDS)] };
  }

  @Get('template.xlsx')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'An empty roster with headings that every import knows' })
  @ApiProduces(XLSX)
  @ApiResponse(WORKBOOK)
  async template(@AnswerLanguage() language: Language): Promise<StreamableFile> {
    return workbook(await templateWorkbook(language), 'roster');
  }

  @Get(':id/rejected.xlsx')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'The rows that an import did not take, with the reason beside each; kept for seven days',
  })
  @ApiProduces(XLSX)
  @ApiResponse(WORKBOOK)
  async rejected(
    @Param('id', { schema: Uuid }) id: string,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    return workbook(await this.rejections.workbook(id, language), 'rejected');
  }
}
