import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import { Author } from '../../tenancy/author.js';
import { ReviewOutcomeInput } from './review-outcomes.js';
import { ReviewPreviews } from './review-previews.service.js';
import { ReviewPreviewView, reviewPreviewView, ReviewView, reviewView } from './review-view.js';
import { type Reviews, ReviewsService } from './reviews.service.js';

const ReviewQuery = pageBy(z.tuple([z.iso.datetime({ offset: true }), z.uuid()])).extend({
  state: z
    .enum(['open', 'judged'])
    .default('open')
    .describe('open: nobody has judged it, the longest waiting first; judged: the last judged first'),
  patientId: Uuid.optional().describe('Only of this patient'),
  lang: z.enum(['zh', 'en']).default('zh').describe('Of the reasons'),
});
const LanguageQuery = z.object({ lang: z.enum(['zh', 'en']).default('zh') });
const UndoInput = z.strictObject({ author: Author }).meta({ id: 'UndoJudgementInput' });

@ApiTags('results')
@ApiBearerAuth()
@Controller('reviews')
export class ReviewsController {
  constructor(
    private readonly reviews: ReviewsService,
    private readonly previews: ReviewPreviews,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Exams that a clinician has to judge, or has judged' })
  @ApiResponse({ status: 200, standardSchema: pageOf('Reviews', ReviewView) })
  async list(
    @Query({ schema: ReviewQuery }) { state, patientId, lang, limit, cursor }: z.output<typeof ReviewQuery>,
  ): Promise<Page<ReviewView>> {
    const { keys, ...found } = await this.reviews.list(state, { patientId, limit, after: cursor });
    return {
      items: found.reviews.map((review) => reviewView(review, found, lang)),
      nextCursor: nextCursor(keys, limit, ({ at, id }) => [at, id]),
    };
  }

  @Post(':id/judgement')
  @HttpCode(200)
  @ApiOperation({ summary: 'Judge an exam, with what follows from it in plan and history' })
  @ApiResponse({ status: 200, standardSchema: ReviewView })
  async judge(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ReviewOutcomeInput }) input: ReviewOutcomeInput,
    @Query({ schema: LanguageQuery }) { lang }: z.output<typeof LanguageQuery>,
  ): Promise<ReviewView> {
    return onlyReview(await this.reviews.judge(id, input), lang);
  }

  @Post(':id/preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a judgement would change in plan and history. Nothing is saved',
    description: 'Takes and refuses what the judgement takes and refuses.',
  })
  @ApiResponse({ status: 200, standardSchema: ReviewPreviewView })
  async preview(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: ReviewOutcomeInput }) input: ReviewOutcomeInput,
  ): Promise<z.input<typeof ReviewPreviewView>> {
    return reviewPreviewView(await this.previews.preview(id, input));
  }

  @Post(':id/undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take back a judgement with what followed from it' })
  @ApiResponse({ status: 200, standardSchema: ReviewView })
  async undo(
    @Param('id', { schema: Uuid }) id: string,
    @Body({ schema: UndoInput }) { author }: z.output<typeof UndoInput>,
    @Query({ schema: LanguageQuery }) { lang }: z.output<typeof LanguageQuery>,
  ): Promise<ReviewView> {
    return onlyReview(await this.reviews.undo(id, author), lang);
  }
}

function onlyReview(found: Reviews, lang: 'zh' | 'en'): ReviewView {
  const [review] = found.reviews;
  if (review === undefined) throw new Error('A review that was changed is not shown.');
  return reviewView(review, found, lang);
}
