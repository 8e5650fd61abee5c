import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import '@fastify/multipart'; // adds isMultipart() and parts() to the request
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DomainError, invalid } from '../../platform/domain-error.js';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { faultsOfIssues } from '../../platform/http/input-faults.js';
import { type CsvShape, MOST_ROWS } from './csv.js';
import { EVENT_COLUMNS, ROSTER_COLUMNS } from './import-rows.js';
import { ImportsService, reportIn } from './imports.service.js';
import { msg } from '../../platform/messages/dictionary.js';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

const columnText = (kind: string, { required, optional }: CsvShape): string =>
  `Columns of ${kind}: ${required.join(', ')}; optional: ${optional.join(', ')}.`;

const ImportFields = z.object({ kind: z.enum(['roster', 'events']), dryRun: flag, acceptGood: flag });

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
    counts: z.object({ created: z.int(), updated: z.int(), unchanged: z.int(), rejected: z.int() }),
    errorsNotShown: z.int().describe('Of all rows; the first 1,000 errors are shown'),
    plan: z.object({ added: z.int(), moved: z.int(), cancelled: z.int(), kept: z.int() }),
    rows: z.array(
      z.object({
        line: z.int().describe('In the file, the header being line 1'),
        mrn: z.string(),
        result: z.enum(['created', 'updated', 'unchanged', 'rejected']),
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
      'Load a roster or events from a CSV file; nothing is written if any row is bad, unless acceptGood=true',
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
          description: `CSV in UTF-8 with a header line, of ${MOST_ROWS} rows at most. ${columnText('roster', ROSTER_COLUMNS)} ${columnText('events', EVENT_COLUMNS)}`,
        },
        kind: { type: 'string', enum: ['roster', 'events'] },
        dryRun: { type: 'string', enum: ['true', 'false'], default: 'false' },
        acceptGood: { type: 'string', enum: ['true', 'false'], default: 'false' },
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
    for await (const part of request.parts()) {
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
