import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { originOf } from '../../accounts/signed-in-clients/own-addresses.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { Uuid } from '../../platform/http/paging.js';
import { PATIENT_RESOURCES } from '../fhir/served-resources.js';
import { BulkExports } from './bulk-exports.service.js';
import { type ListedExport, MOST_LISTED } from './export-list.js';

const TYPES = PATIENT_RESOURCES.map(({ type }) => type);

const ExportInput = z
  .strictObject({
    types: z
      .array(z.enum(TYPES))
      .min(1)
      .max(TYPES.length)
      .optional()
      .describe('Types of resources; left out: all that the caller may read'),
    since: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional()
      .describe('Only what has changed since this instant'),
  })
  .meta({ id: 'BulkExportInput' });

const ExportView = z
  .object({
    id: z.uuid(),
    state: z.enum(['running', 'finished', 'failed']),
    startedBy: z.string(),
    isOwn: z.boolean().describe('The caller began it, and may fetch its files'),
    types: z.array(z.string()).max(TYPES.length),
    since: z.iso.datetime().nullable(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    keptUntil: z.iso.datetime().nullable().describe('Until when its files can be fetched'),
    patients: z.int(),
    donePatients: z.int(),
    isOutdated: z.boolean().describe('Its files were deleted, because a patient was erased since'),
    files: z
      .array(
        z.object({ type: z.string(), resources: z.int(), address: z.string().describe('On this server') }),
      )
      .max(TYPES.length)
      .describe("Of the caller's own finished export"),
  })
  .meta({ id: 'BulkExport' });

const ExportList = z.object({ items: z.array(ExportView).max(MOST_LISTED) }).meta({ id: 'BulkExports' });
const ExportBegun = z.object({ id: z.uuid() }).meta({ id: 'BulkExportBegun' });

/** The exports of FHIR Bulk Data Access for people and programs that read no FHIR. */
@ApiTags('exchange')
@ApiBearerAuth()
@Controller('bulk-exports')
export class ExportListController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly exports: BulkExports,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The exports of all patients that run or can be fetched, the newest first' })
  @ApiResponse({ status: 200, standardSchema: ExportList })
  async list(): Promise<z.input<typeof ExportList>> {
    return { items: (await this.exports.list()).map(viewOf) };
  }

  @Post()
  @ApiOperation({
    summary: 'Begin an export of all patients as FHIR resources',
    description: 'As GET /fhir/$export does. One at a time; finished ones are kept for 24 hours.',
  })
  @ApiResponse({ status: 201, standardSchema: ExportBegun })
  async begin(
    @Body({ schema: ExportInput }) { types, since }: z.output<typeof ExportInput>,
    @Req() request: FastifyRequest,
  ): Promise<z.input<typeof ExportBegun>> {
    const address = new URL(`${originOf(this.config, request)}/fhir/$export`);
    if (types) address.searchParams.set('_type', types.join(','));
    if (since) address.searchParams.set('_since', since.toISOString());
    return { id: await this.exports.begin({ request: address.href, types, since: since ?? null }) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'End an export that runs, or delete what a finished one has left; also one of another caller',
  })
  remove(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    return this.exports.end(id);
  }
}

const viewOf = (one: ListedExport): z.input<typeof ExportView> => ({
  ...{ id: one.id, state: one.state, startedBy: one.reader.caller.name, isOwn: one.isOwn },
  types: [...one.types],
  since: one.since?.toISOString() ?? null,
  startedAt: one.startedAt.toISOString(),
  endedAt: one.endedAt?.toISOString() ?? null,
  keptUntil: one.keptUntil?.toISOString() ?? null,
  ...{ patients: one.total, donePatients: one.done, isOutdated: one.isOutdated },
  files: one.files.map(({ type, resources }) => ({
    ...{ type, resources, address: `/fhir/bulk-exports/${one.id}/${type}.ndjson` },
  })),
});
