import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { calendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { AnswerLanguage } from '../platform/http/http.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../platform/http/paging.js';
import { issue } from '../platform/messages/issues.js';
import { MEDIA_TYPES } from '../platform/spreadsheets/sheet.js';
import { SheetFiles } from '../platform/spreadsheets/sheet-files.js';
import { text } from '../platform/text.js';
import { Author } from '../tenancy/author.js';
import { REPORT_PAGE_POLICY, reportPage } from './inspection-page.js';
import { type InspectionReport, InspectionReports } from './inspection-reports.service.js';
import { ReportContentView } from './inspection-schemas.js';
import { reportTables } from './inspection-table.js';
import { sheetOf } from './table.js';

const Month = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, issue('month-form'))
  .describe('YYYY-MM');

const ReportInput = z
  .strictObject({
    month: Month.transform((month) => calendarDate(`${month}-01`)),
    department: text(100).nullish().describe('Whose patients; without one, those of the whole hospital'),
    author: Author,
  })
  .meta({ id: 'InspectionReportInput' });

const ReportSummary = z
  .object({
    id: z.uuid(),
    department: z.string().nullable(),
    month: Month,
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    digest: z.string().describe('SHA-256 of all fields in canonical JSON, as the audit trail names it'),
  })
  .meta({ id: 'InspectionReportSummary' });

const ReportView = ReportSummary.extend({
  content: ReportContentView,
  patients: z
    .string()
    .describe('The call that lists the patients behind a count as of now; add `measure` to it'),
}).meta({ id: 'InspectionReport' });

const VerificationView = z
  .object({
    contentUnchanged: z.boolean().describe('The stored report has its digest'),
    auditEventId: z
      .uuid()
      .nullable()
      .describe(
        'The audit entry with this digest; null: there is none, or its month of the trail was dropped',
      ),
    batch: z.int().nullable().describe('The batch of the audit chain; null: it is not sealed yet'),
    sealIntact: z.boolean().nullable().describe('Entry, seal and the seal before it agree'),
    verified: z.boolean().describe('All of it: the report is the one that was created'),
  })
  .meta({ id: 'InspectionReportVerification' });

const PageQuery = z.strictObject({
  lang: z.enum(['zh', 'en']).optional().describe('Default: Accept-Language'),
});
const ListQuery = pageBy(z.tuple([z.iso.date(), Uuid])).strict();

@ApiTags('statistics')
@ApiBearerAuth()
@Controller('inspection-reports')
export class InspectionReportsController {
  constructor(
    private readonly reports: InspectionReports,
    private readonly files: SheetFiles,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Count a month of one department or the hospital, and store the figures; they never change',
  })
  @ApiResponse({ status: 201, standardSchema: ReportView })
  async create(
    @Body({ schema: ReportInput }) { month, department, author }: z.output<typeof ReportInput>,
  ): Promise<z.input<typeof ReportView>> {
    return reportView(await this.reports.create({ month, department: department ?? null, author }));
  }

  @Get()
  @ApiOperation({ summary: 'The stored reports, the newest month first' })
  @ApiResponse({ status: 200, standardSchema: pageOf('InspectionReports', ReportSummary) })
  async list(
    @Query({ schema: ListQuery }) { cursor, limit }: z.output<typeof ListQuery>,
  ): Promise<Page<z.input<typeof ReportSummary>>> {
    const rows = await this.reports.list(limit, cursor);
    return {
      items: rows.slice(0, limit).map(summaryView),
      nextCursor: nextCursor(rows, limit, (last) => [last.month, last.id]),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One report: rates, misses and their reasons, and the gauge' })
  @ApiResponse({ status: 200, standardSchema: ReportView })
  async get(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof ReportView>> {
    return reportView(await this.reports.get(id));
  }

  @Get(':id/verification')
  @ApiOperation({ summary: 'Whether a report is the one that was created, by the audit chain' })
  @ApiResponse({ status: 200, standardSchema: VerificationView })
  async verify(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof VerificationView>> {
    const check = await this.reports.verify(id);
    return { ...check, verified: check.contentUnchanged && check.sealIntact === true };
  }

  @Get(':id/page')
  @ApiOperation({ summary: 'The report as a page for printing' })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'HTML', content: { 'text/html': { schema: { type: 'string' } } } })
  async page(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: PageQuery }) { lang }: z.output<typeof PageQuery>,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const report = await this.reports.get(id);
    const shown = lang ?? language;
    void reply.headers({ 'content-security-policy': REPORT_PAGE_POLICY, 'content-language': shown });
    void reply.type('text/html; charset=utf-8');
    return reportPage(report, shown);
  }

  @Get(':id/spreadsheet')
  @ApiOperation({ summary: 'The report as an XLSX file' })
  @ApiProduces(MEDIA_TYPES.xlsx)
  @ApiResponse({
    status: 200,
    description: 'XLSX',
    content: { [MEDIA_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } } },
  })
  async spreadsheet(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: PageQuery }) { lang }: z.output<typeof PageQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<StreamableFile> {
    const report = await this.reports.get(id);
    const [summary, ...others] = reportTables(report, lang ?? language).map(sheetOf);
    if (!summary) throw new Error('A report has tables.');
    return new StreamableFile(await this.files.write({ sheets: [summary, ...others], format: 'xlsx' }), {
      type: MEDIA_TYPES.xlsx,
      disposition: `attachment; filename="inspection-${report.month.slice(0, 7)}.xlsx"`,
    });
  }
}

const summaryView = (report: InspectionReport): z.input<typeof ReportSummary> => ({
  ...{ id: report.id, department: report.department, month: report.month.slice(0, 7) },
  ...{ createdBy: report.createdBy, createdAt: report.createdAt.toISOString(), digest: report.digest },
});

function reportView(report: InspectionReport): z.input<typeof ReportView> {
  const { from, to } = report.content;
  const query = new URLSearchParams({ from, to });
  if (report.department !== null) {
    query.set('by', 'department');
    query.set('group', report.department);
  }
  return {
    ...summaryView(report),
    content: ReportContentView.parse(report.content),
    patients: `/api/v1/adherence/patients?${query.toString()}`,
  };
}
