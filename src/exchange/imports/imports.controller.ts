import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import '@fastify/multipart'; // adds isMultipart() and parts() to the request
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError, invalid } from '../../platform/domain-error.js';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { type CsvShape, MOST_ROWS } from './rows/csv.js';
import { EVENT_COLUMNS, ROSTER_COLUMNS } from './rows/import-rows.js';
import { Answer } from './roster/answers.js';
import { meaningOf, ROSTER_FIELDS } from './roster/headings.js';
import { reportIn } from './import-report.js';
import { ImportsService } from './imports.service.js';
import { msg } from '../../platform/messages/dictionary.js';
import { issue } from '../../platform/messages/issues.js';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** The most characters of a mapping, and of the answers to one file. */
const MOST_JSON = 1_000_000;

const mappingIssue = (): string => issue('mapping-form', { known: ROSTER_FIELDS });

const isField = (kind: 'roster' | 'events', field: string): boolean =>
  kind === 'roster'
    ? meaningOf(field) !== undefined
    : [...EVENT_COLUMNS.required, ...EVENT_COLUMNS.optional].includes(field);

const columnText = (kind: string, { required, optional }: CsvShape): string =>
  `Columns of ${kind}: ${required.join(', ')}; optional: ${optional.join(', ')}.`;

/** JSON in a field of the form. */
const json = <T extends z.ZodType>(form: T, error: () => string) =>
  z
    .string()
    .max(MOST_JSON)
    .transform((written, context): unknown => {
      try {
        return JSON.parse(written) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: error() });
        return z.NEVER;
      }
    })
    .pipe(form);

const Mapping = z
  .record(z.string().min(1).max(500), z.string().max(100).nullable())
  .refine((mapping) => Object.keys(mapping).length <= 512);

const ImportFields = z
  .object({
    kind: z.enum(['roster', 'events']),
    dryRun: flag,
    acceptGood: flag,
    mapping: json(Mapping, mappingIssue).optional(),
    answers: json(z.array(Answer).max(5000), () => issue('answers-form')).optional(),
  })
  .superRefine(({ kind, mapping = {} }, context) => {
    for (const [heading, field] of Object.entries(mapping))
      if (field !== null && !isField(kind, field))
        context.addIssue({
          code: 'custom',
          path: ['mapping', heading],
          message: mappingIssue(),
          input: field,
        });
  });

/** The same fields may be query parameters; those of the form take precedence. */
const ImportQuery = z.object({
  kind: z.enum(['roster', 'events']).optional(),
  dryRun: z.enum(['true', 'false']).optional(),
  acceptGood: z.enum(['true', 'false']).optional(),
});

const Fault = z.object({ pointer: z.string(), code: z.string(), message: z.string() });

const ImportReportView = z
  .object({
    kind: z.enum(['roster', 'events']),
    dryRun: z.boolean(),
    written: z.boolean(),
    id: z
      .uuid()
      .nullable()
      .describe('GET /imports/{id}/rejected.xlsx has the rows that were not taken; null: none'),
    counts: z.object({
      ...{ created: z.int(), updated: z.int(), unchanged: z.int(), rejected: z.int() },
      asked: z.int().optional().describe('Rows of a spreadsheet that wait for an answer'),
      again: z.int().optional().describe('Rows about a patient of an earlier row, nothing of which differs'),
      continuation: z.int().optional().describe('Further rows of a patient'),
      skipped: z.int().optional().describe('Rows that are no patients: blank, totals, headings'),
    }),
    sheets: z
      .array(
        z.object({
          name: z.string().nullable().describe('null: a CSV file'),
          state: z.enum(['read', 'skipped']),
          why: z.enum(['hidden', 'blank', 'no-headings']).optional(),
          headerRow: z.int().optional(),
          columns: z
            .array(
              z.object({
                index: z.int().describe('From 0'),
                column: z.string().describe('A, B, …'),
                heading: z.string(),
                field: z.string().nullable().describe('null: not read'),
                by: z.enum(['dictionary', 'mapping', 'remembered', 'unknown']),
                examples: z.array(z.string()).max(3).describe('What the first rows have there'),
              }),
            )
            .max(1024),
        }),
      )
      .max(100)
      .optional()
      .describe('How a spreadsheet was understood'),
    errorsNotShown: z.int().describe('Of all rows; the first 1,000 errors are shown'),
    plan: z.object({ added: z.int(), moved: z.int(), cancelled: z.int(), kept: z.int() }),
    rows: z.array(
      z.object({
        line: z.int().describe('In the file, the header being line 1'),
        mrn: z.string(),
        sheet: z.string().nullable().optional().describe('The sheet of a workbook'),
        row: z.int().optional().describe('As at the left edge of the spreadsheet program'),
        result: z.enum([
          ...(['created', 'updated', 'unchanged', 'rejected'] as const),
          ...(['asked', 'again', 'continuation', 'skipped'] as const),
        ]),
        remark: z.string().optional().describe('Why a row was skipped, or whose row it is'),
        of: z
          .object({ sheet: z.string().nullable(), row: z.int() })
          .optional()
          .describe('The row of the same patient'),
        cells: z
          .array(z.string())
          .max(60)
          .optional()
          .describe('As written, of a row of a spreadsheet that is rejected or asked about'),
        questions: z
          .array(
            z.object({
              id: z.string(),
              sheet: z.string().nullable(),
              row: z.int(),
              column: z.string().nullable().describe('The heading'),
              field: z.string(),
              written: z.string(),
              code: z.string(),
              message: z.string(),
              answers: z.array(z.string()).max(20).describe('2026-03-…: a day of that month'),
            }),
          )
          .max(1000)
          .optional()
          .describe('Answer each with {id, value} in answers of the next request'),
        errors: z.array(Fault),
        errorsNotShown: z.int().optional().describe('How many more the row has than are shown'),
        warnings: z.array(Fault).optional().describe('What somebody should look at; the row is written'),
        possibleDuplicates: z
          .array(z.object({ id: z.uuid().nullable().describe('null: in this file'), mrn: z.string() }))
          .optional()
          .describe('Patients of the same name, birth date and sex, who may be the same person'),
        possibleDuplicatesNotShown: z
          .int()
          .optional()
          .describe('How many more there are, whom the caller may not see'),
      }),
    ),
  })
  .meta({ id: 'ImportReport' });

@ApiTags('imports')
@ApiBearerAuth()
@Controller('imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Load a roster or events from a spreadsheet; nothing is written if any row is bad or asked about, unless acceptGood=true',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file', 'kind'],
      properties: {
        file: {
          type: 'string',
          format: 'binary',
          description: `XLSX, or CSV in UTF-8, UTF-16 or GB18030, with headings in Chinese or English (docs/imports.md), of 5 MB and 5,000 rows; or CSV in UTF-8 with the following columns, of ${MOST_ROWS} rows at most. ${columnText('roster', ROSTER_COLUMNS)} ${columnText('events', EVENT_COLUMNS)}`,
        },
        kind: { type: 'string', enum: ['roster', 'events'] },
        dryRun: { type: 'string', enum: ['true', 'false'], default: 'false' },
        acceptGood: { type: 'string', enum: ['true', 'false'], default: 'false' },
        mapping: {
          type: 'string',
          description:
            'JSON: headings to fields, null for a column that is not read. It is remembered for the files that follow.',
        },
        answers: {
          type: 'string',
          description:
            'JSON: [{"id","value"}] or [{"sheet","row","field","value"}]: answers to the questions of the preview. An empty value leaves an optional fact out; {"row","field":"row","value":"skip"} leaves a row out.',
        },
      },
    },
  })
  @ApiResponse({ status: 200, standardSchema: ImportReportView })
  async import(
    @Req() request: FastifyRequest,
    @Query({ schema: ImportQuery }) query: z.output<typeof ImportQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof ImportReportView>> {
    const report = await this.imports.import(async (read) => {
      const { hasFile, fields } = await readForm(request, read);
      const parsed = ImportFields.safeParse({ ...query, ...fields });
      if (!parsed.success)
        throw invalid('invalid-input', msg('invalid-input'), faultsOfIssues(parsed.error.issues));
      if (hasFile) return parsed.data;
      const message = msg('file-required');
      throw invalid('invalid-input', message, [{ pointer: '/file', code: 'required', message }]);
    });
    return reportIn(language, report);
  }
}

interface ReadForm {
  readonly hasFile: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Passes the one file of the form to `read` and returns the other fields. The registration of multipart sets the
 * limits of the upload.
 */
async function readForm(
  request: FastifyRequest,
  read: (file: AsyncIterable<Buffer>) => Promise<void>,
): Promise<ReadForm> {
  if (!request.isMultipart())
    throw new DomainError('unsupported', 'unsupported-media-type', msg('form-required'));
  let hasFile = false;
  const fields: Record<string, unknown> = {};
  try {
    for await (const part of request.parts({ limits: { fieldSize: MOST_JSON } })) {
      if (part.type === 'file') {
        hasFile = true;
        await read(part.file);
      } else fields[part.fieldname] = part.value;
    }
  } catch (error) {
    // Limits have a status of their own; any other error is an incomplete or invalid form.
    if (error instanceof DomainError || (error instanceof Error && 'statusCode' in error)) throw error;
    throw new DomainError('malformed', 'not-a-form', msg('not-a-form'));
  }
  return { hasFile, fields };
}
