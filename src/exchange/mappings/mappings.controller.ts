import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { BUILT_IN_MAPPING } from './built-in-mapping.js';
import { text } from '../../platform/text.js';
import { MappingFile } from './mapping-file.js';
import { MappingsService, MOST_MAPPINGS } from './mappings.service.js';
import type { MappingHead } from './stored-mappings.js';

/** A name that is too long for any mapping is one that does not exist. */
const Name = text(100);
const MappingName = z.strictObject({ id: Name, version: Name }).meta({ id: 'MappingName' });

const StoredMappingView = z
  .object({
    id: z.string(),
    version: z.string(),
    digest: z.string().describe('SHA-256 of the content, in hexadecimal digits; the content never changes'),
    uploadedBy: z.string(),
    uploadedAt: z.iso.datetime(),
  })
  .meta({ id: 'StoredMapping' });

const InForceView = z
  .object({
    id: z.string(),
    version: z.string(),
    selectedBy: z.string().nullable().describe('null: the built-in mapping'),
    selectedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'MappingInForce' });

const MappingList = z
  .object({ inForce: InForceView, items: z.array(StoredMappingView).max(MOST_MAPPINGS) })
  .meta({ id: 'MappingList' });

const CheckedMapping = z
  .object({ id: z.string(), version: z.string(), digest: z.string() })
  .meta({ id: 'CheckedMapping' });

@ApiTags('exchange')
@ApiBearerAuth()
@Controller()
export class MappingsController {
  constructor(private readonly mappings: MappingsService) {}

  @Post('mappings')
  @ApiOperation({
    summary: 'Store what the codes of the hospital mean',
    description:
      'The body is a mapping file. Its id and version are frozen with its content: the same content again answers 200, other ' +
      'content 409. Messages are read by it after it is selected (PUT /mapping-in-force).',
  })
  @ApiResponse({ status: 201, description: 'Stored', standardSchema: StoredMappingView })
  @ApiResponse({ status: 200, description: 'Stored before', standardSchema: StoredMappingView })
  async store(
    @Body({ schema: MappingFile }) file: z.output<typeof MappingFile>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof StoredMappingView>> {
    const { head, isNew } = await this.mappings.store(file);
    reply.status(isNew ? 201 : 200);
    return headView(head);
  }

  @Post('mappings/check')
  @HttpCode(200)
  @ApiOperation({ summary: 'Check a mapping file as the upload does, and store nothing' })
  @ApiResponse({ status: 200, standardSchema: CheckedMapping })
  async check(
    @Body({ schema: MappingFile }) file: z.output<typeof MappingFile>,
  ): Promise<z.input<typeof CheckedMapping>> {
    return { id: file.id, version: file.version, digest: await this.mappings.check(file) };
  }

  @Get('mappings')
  @ApiOperation({ summary: 'The stored mappings, and which one is in force' })
  @ApiResponse({ status: 200, standardSchema: MappingList })
  async list(): Promise<z.input<typeof MappingList>> {
    const { heads, selected } = await this.mappings.list();
    return { inForce: inForceView(selected), items: heads.map(headView) };
  }

  @Get('mappings/:id/:version')
  @ApiOperation({ summary: 'One mapping as a file' })
  @ApiResponse({ status: 200, standardSchema: MappingFile })
  async one(
    @Param('id', { schema: Name }) id: string,
    @Param('version', { schema: Name }) version: string,
  ): Promise<z.input<typeof MappingFile>> {
    return this.mappings.find(id, version);
  }

  @Put('mapping-in-force')
  @ApiOperation({
    summary: 'Select the mapping by which messages are read from now on',
    description: `\`${BUILT_IN_MAPPING.id}\`, version ${BUILT_IN_MAPPING.version}, goes back to the mapping of the program. Messages that were read before stay as they are; refused ones can be replayed.`,
  })
  @ApiResponse({ status: 200, standardSchema: InForceView })
  async select(
    @Body({ schema: MappingName }) { id, version }: z.output<typeof MappingName>,
  ): Promise<z.input<typeof InForceView>> {
    return inForceView(await this.mappings.select(id, version));
  }
}

const headView = ({ uploadedAt, ...head }: MappingHead): z.input<typeof StoredMappingView> => ({
  ...head,
  uploadedAt: uploadedAt.toISOString(),
});

const inForceView = (selected: Awaited<ReturnType<MappingsService['select']>>): z.input<typeof InForceView> =>
  selected === undefined
    ? { id: BUILT_IN_MAPPING.id, version: BUILT_IN_MAPPING.version, selectedBy: null, selectedAt: null }
    : { ...selected, selectedAt: selected.selectedAt.toISOString() };
