import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { notFound } from '../platform/domain-error.js';
import { findGuideline, GUIDELINES } from '../guideline/published/index.js';

const Text = z.object({ zh: z.string(), en: z.string() });
const Summary = z.object({
  id: z.string(),
  version: z.string(),
  title: Text,
  sources: z.array(z.string()),
  caution: Text.optional(),
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

@ApiTags('guidelines')
@ApiBearerAuth()
@Controller('guidelines')
export class GuidelinesController {
  @Get()
  @ApiOperation({ summary: 'The published guidelines' })
  @ApiResponse({
    status: 200,
    standardSchema: z.object({ items: z.array(Summary) }).meta({ id: 'Guidelines' }),
  })
  list(): unknown {
    return {
      items: GUIDELINES.map(({ id, version, title, sources, caution }) => ({
        id,
        version,
        title,
        sources,
        caution,
      })),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One guideline with its rules, their sections and grades; `id` or `id@version`' })
  @ApiResponse({ status: 200, standardSchema: GuidelineView })
  get(@Param('id') id: string): unknown {
    const guideline = findGuideline(id);
    if (!guideline) throw notFound('guideline', id);
    return guideline;
  }
}
