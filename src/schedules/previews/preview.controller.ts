import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ItemChange } from '../../guideline/comparison.js';
import { Uuid } from '../../platform/http/paging.js';
import { ChangeView, changeView } from '../change-view.js';
import { PlanDiffView } from '../item-view.js';
import { ComparisonView, comparisonView } from './comparison-view.js';
import { PreviewInput } from './preview-input.js';
import { PreviewService } from './preview.service.js';
import { SwitchedOffView, switchedOffView } from '../switched-off.js';

const PreviewView = z
  .object({
    guideline: z.object({ id: z.string(), version: z.string() }),
    asOf: z.iso.date(),
    plan: PlanDiffView,
    changes: z.array(ChangeView),
    switchedOff: z
      .array(SwitchedOffView)
      .describe('Rules that would then be switched off, and what would be missing'),
  })
  .meta({ id: 'Preview', description: 'What a change would do to the plan. Nothing was saved.' });

const ComparisonQuery = z.object({
  guidelines: z
    .string()
    .max(1000)
    .transform((names) => [...new Set(names.split(',').map((name) => name.trim()))])
    .pipe(z.array(z.string().min(1)).min(1).max(10))
    .meta({ type: 'string', description: 'Ids, or id@version, separated by commas; ten at most' }),
  lang: z.enum(['zh', 'en']).default('zh'),
});

@ApiTags('previews')
@ApiBearerAuth()
@Controller('patients/:id')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'What events, corrections, decisions or another guideline would do to the plan' })
  @ApiResponse({ status: 200, standardSchema: PreviewView })
  async preview(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: PreviewInput }) input: PreviewInput,
  ): Promise<z.input<typeof PreviewView>> {
    const { guideline, today, changes, switchedOff } = await this.previews.preview(id, input);
    const count = (kind: ItemChange['change']): number =>
      changes.filter(({ change }) => change === kind).length;
    return {
      guideline: { id: guideline.id, version: guideline.version },
      asOf: today,
      plan: {
        added: count('added'),
        moved: count('moved'),
        cancelled: count('cancelled'),
        kept: count('kept'),
      },
      changes: changes.map((change) => changeView(change, today)),
      switchedOff: switchedOff.map((off) => switchedOffView(off, today)),
    };
  }

  @Get('comparison')
  @ApiOperation({ summary: 'The patient under several guidelines, side by side' })
  @ApiResponse({ status: 200, standardSchema: ComparisonView })
  async compare(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: ComparisonQuery }) { guidelines, lang }: z.output<typeof ComparisonQuery>,
  ): Promise<z.input<typeof ComparisonView>> {
    return comparisonView(await this.previews.compare(id, guidelines), lang);
  }
}
