import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Guideline } from '../guideline/guideline.js';
import { versionedId } from '../guideline/published/index.js';
import { GuidelinesService, type KnownGuideline } from './guidelines.service.js';

const Text = z.object({ zh: z.string(), en: z.string() });
const Summary = z.object({
  id: z.string(),
  version: z.string(),
  title: Text,
  sources: z.array(z.string()),
  caution: Text.optional(),
  origin: z.enum(['published', 'hospital']).optional().describe("hospital: the hospital's own protocol"),
  digest: z.string().optional().describe('SHA-256 of the content of an own protocol'),
  uploadedAt: z.iso.datetime().optional(),
});

const GuidelineView = Summary.extend({
  pathways: z.array(z.looseObject({ id: z.string(), section: z.string(), title: Text })),
  rules: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      activity: z.union([z.string(), z.array(z.string())]).describe('Several: in turn'),
      section: z.string(),
      title: Text,
      interpretation: Text,
    }),
  ),
  covers: z.record(z.string(), z.array(z.string())),
  flags: z.array(z.looseObject({ code: z.string(), message: Text })),
})
  .loose()
  .meta({
    id: 'Guideline',
    description: 'The whole guideline, in the form of `bin/nedwatch guideline schema`.',
  });

const Guidelines = z.object({ items: z.array(Summary) }).meta({ id: 'Guidelines' });

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('guidelines')
export class GuidelinesController {
  constructor(private readonly guidelines: GuidelinesService) {}

  @Get()
  @ApiOperation({ summary: "The published guidelines, and the hospital's own protocols" })
  @ApiResponse({ status: 200, standardSchema: Guidelines })
  async list(): Promise<z.input<typeof Guidelines>> {
    return { items: (await this.guidelines.list()).map(summaryOf) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One guideline with its rules, their sections and grades; `id` or `id@version`' })
  @ApiResponse({ status: 200, standardSchema: GuidelineView })
  get(@Param('id') id: string): Promise<Guideline> {
    return this.guidelines.get(id);
  }

  @Get(':id/:version')
  @ApiOperation({ summary: 'One version of a guideline with its rules, their sections and grades' })
  @ApiResponse({ status: 200, standardSchema: GuidelineView })
  version(@Param('id') id: string, @Param('version') version: string): Promise<Guideline> {
    return this.guidelines.get(versionedId({ id, version }));
  }
}

const summaryOf = ({ guideline, stored }: KnownGuideline): z.input<typeof Summary> => ({
  id: guideline.id,
  version: guideline.version,
  title: guideline.title,
  sources: [...guideline.sources],
  caution: guideline.caution,
  origin: stored ? 'hospital' : 'published',
  ...(stored && { digest: stored.digest, uploadedAt: stored.uploadedAt.toISOString() }),
});
