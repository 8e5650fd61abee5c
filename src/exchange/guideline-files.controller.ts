import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { GuidelineFile } from './guideline-file.js';
import { GuidelineFilesService } from './guideline-files.service.js';

const StoredGuidelineView = z
  .object({
    id: z.string(),
    version: z.string(),
    digest: z.string().describe('SHA-256 of the content, in hexadecimal digits; the content never changes'),
    uploadedBy: z.string(),
    uploadedAt: z.iso.datetime(),
    rules: z.int().describe('How many rules it has'),
    noLongerAskedFor: z
      .array(z.string())
      .describe('Activities that the guideline in force asks for and this one does not'),
  })
  .meta({ id: 'StoredGuideline' });
type StoredGuidelineView = z.output<typeof StoredGuidelineView>;

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('guidelines')
export class GuidelineFilesController {
  constructor(private readonly files: GuidelineFilesService) {}

  @Post()
  @ApiOperation({
    summary: "Store the hospital's own protocol",
    description:
      'The body is a protocol file. Its id and version are frozen with its content: the same content again answers 200, other ' +
      'content 409. Nothing follows it until the policy names it as `id@version` (POST /plan-changes).',
  })
  @ApiResponse({ status: 201, description: 'Stored', standardSchema: StoredGuidelineView })
  @ApiResponse({ status: 200, description: 'Stored before', standardSchema: StoredGuidelineView })
  async store(
    @Body({ schema: GuidelineFile }) file: z.output<typeof GuidelineFile>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StoredGuidelineView> {
    const { head, guideline, isNew, noLongerAskedFor } = await this.files.store(file);
    reply.status(isNew ? 201 : 200);
    const { id, version, digest, uploadedBy, uploadedAt } = head;
    return {
      ...{ id, version, digest, uploadedBy },
      uploadedAt: uploadedAt.toISOString(),
      rules: guideline.rules.length,
      noLongerAskedFor: [...noLongerAskedFor],
    };
  }
}
