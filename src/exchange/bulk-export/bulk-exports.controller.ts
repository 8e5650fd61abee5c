import { Controller, Delete, Get, HttpCode, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { originOf } from '../../accounts/signed-in-clients/own-addresses.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { Uuid } from '../../platform/http/paging.js';
import { issue } from '../../platform/messages/issues.js';
import { PATIENT_RESOURCES } from '../fhir/served-resources.js';
import { KEPT_HOURS } from './bulk-export.js';
import { BulkExports } from './bulk-exports.service.js';

const NDJSON = 'application/fhir+ndjson';
const FORMATS = [NDJSON, 'application/ndjson', 'ndjson'];
const ASK_AGAIN_SECONDS = 10;
const TYPES = PATIENT_RESOURCES.map(({ type }) => type);

const ExportQuery = z.strictObject({
  _type: z
    .string()
    .max(1000)
    .transform((text) => [...new Set(text.split(',').map((type) => type.trim()))])
    .refine(
      (types) => types.every((type) => TYPES.some((one) => one === type)),
      issue('none-of', { values: TYPES }),
    )
    .optional(),
  _since: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional(),
  // A plus that is not written as %2B arrives as a space.
  _outputFormat: z
    .string()
    .transform((format) => format.replaceAll(' ', '+'))
    .refine((format) => FORMATS.includes(format), issue('none-of', { values: FORMATS }))
    .optional(),
});
type ExportQuery = z.output<typeof ExportQuery>;

const FileName = z
  .string()
  .regex(/^[A-Za-z]{1,64}\.ndjson$/)
  .transform((name) => name.replace('.ndjson', ''));

/** The answer of a finished export (FHIR Bulk Data Access 2.0, "Response - Complete Status"). */
interface Manifest {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: true;
  readonly output: readonly { readonly type: string; readonly url: string; readonly count: number }[];
  readonly error: readonly never[];
}

/**
 * FHIR Bulk Data Access 2.0. The capability statement, not the API document, describes these calls. Every exported resource
 * is about a patient, so an export of the hospital and one of all patients are the same.
 */
@ApiExcludeController()
@Controller('fhir')
export class BulkExportsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly exports: BulkExports,
  ) {}

  @Get(['$export', 'Patient/$export'])
  @HttpCode(202)
  async begin(
    @Query({ schema: ExportQuery }) query: ExportQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const origin = originOf(this.config, request);
    const id = await this.exports.begin({
      ...{ request: `${origin}${request.url}`, types: query._type, since: query._since ?? null },
    });
    void reply.header('content-location', this.addressOf(request, id));
  }

  @Get('bulk-exports/:id')
  async status(
    @Param('id', { schema: Uuid }) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Manifest | undefined> {
    const { begun, files } = await this.exports.status(id);
    if (begun.endedAt === null) {
      const progress = `${begun.done} of ${begun.total} patients`;
      void reply.status(202).headers({ 'x-progress': progress, 'retry-after': String(ASK_AGAIN_SECONDS) });
      return undefined;
    }
    const until = new Date(begun.endedAt.getTime() + KEPT_HOURS * 3_600_000);
    void reply.header('expires', until.toUTCString());
    return {
      transactionTime: begun.startedAt.toISOString(),
      request: begun.request,
      requiresAccessToken: true,
      output: files.map(({ type, resources }) => ({
        ...{ type, count: resources },
        url: `${this.addressOf(request, id)}/${type}.ndjson`,
      })),
      error: [],
    };
  }

  @Delete('bulk-exports/:id')
  @HttpCode(202)
  remove(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    return this.exports.remove(id);
  }

  @Get('bulk-exports/:id/:file')
  async file(
    @Param('id', { schema: Uuid }) id: string,
    @Param('file', { schema: FileName }) type: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lines = await this.exports.file(id, type);
    await reply.type(NDJSON).send(lines);
  }

  private addressOf(request: FastifyRequest, id: string): string {
    return `${originOf(this.config, request)}/fhir/bulk-exports/${id}`;
  }
}
