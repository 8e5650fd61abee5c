import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { IF_MATCH } from '../../platform/http/if-match.js';
import { itemETag } from '../../schedules/item-etag.js';
import { CompletionInput } from '../../schedules/completion-input.js';
import { completedFields } from '../../schedules/recorded-view.js';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../../platform/http/paging.js';
import { ItemStepsService } from './item-steps.service.js';
import {
  CompletedView,
  ContraindicateInput,
  DeclineInput,
  DeferInput,
  ItemAnswer,
  ReopenInput,
  StepView,
} from './step-schemas.js';
import { answered } from './step-answer.js';
import { stepView } from './step-views.js';

const LanguageQuery = z.object({ lang: z.enum(['zh', 'en']).default('zh') });
const HistoryParameters = pageBy(z.tuple([z.string().regex(/^\d{1,9}$/)]));

type ItemAnswerView = z.input<typeof ItemAnswer>;

@ApiTags('worklist')
@ApiBearerAuth()
@Controller('items/:id')
export class ItemStepsController {
  constructor(private readonly steps: ItemStepsService) {}

  @Get()
  @ApiOperation({ summary: 'One item: where it stands, its newest steps, and what can be done next' })
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async get(
    @Param('id', { schema: Uuid }) itemId: string,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemAnswerView> {
    return answered(await this.steps.get(itemId), language, reply);
  }

  @Get('history')
  @ApiOperation({ summary: 'Every step of people about an item, the newest first: who, when, why' })
  @ApiResponse({ status: 200, standardSchema: pageOf('ItemHistory', StepView) })
  async history(
    @Param('id', { schema: Uuid }) itemId: string,
    @Query({ schema: HistoryParameters }) { cursor, limit }: z.output<typeof HistoryParameters>,
    @AnswerLanguage() language: Language,
  ): Promise<Page<z.input<typeof StepView>>> {
    const records = await this.steps.history(itemId, limit, cursor && Number(cursor[0]));
    return {
      items: records.slice(0, limit).map((record) => stepView(record, language)),
      nextCursor: nextCursor(records, limit, ({ number }) => [String(number)]),
    };
  }

  @Post('complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record that the examination was done' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: CompletedView })
  async complete(
    @Param('id', { schema: Uuid }) itemId: string,
    @Body({ schema: CompletionInput }) input: CompletionInput,
    @Query({ schema: LanguageQuery }) { lang }: z.output<typeof LanguageQuery>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.input<typeof CompletedView>> {
    const completed = await this.steps.complete({ itemId, ifMatch }, input);
    const [etag, { undo }] = [itemETag(completed.item), completed];
    void reply.header('etag', etag);
    return {
      ...completedFields(completed, lang),
      undo: undo && { step: undo.step, until: undo.until.toISOString() },
      etag,
    };
  }

  @Post('defer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Defer an item until a day, on which it returns by itself' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async defer(
    @Param('id', { schema: Uuid }) itemId: string,
    @Body({ schema: DeferInput }) input: z.output<typeof DeferInput>,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemAnswerView> {
    return answered(await this.steps.defer({ itemId, ifMatch }, input), language, reply);
  }

  @Post('decline')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record that the patient declines; the item says when to ask again' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async decline(
    @Param('id', { schema: Uuid }) itemId: string,
    @Body({ schema: DeclineInput }) input: z.output<typeof DeclineInput>,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemAnswerView> {
    return answered(await this.steps.decline({ itemId, ifMatch }, input), language, reply);
  }

  @Post('contraindicate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Record that the examination must not be done, until a day or for good (clinicians)',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async contraindicate(
    @Param('id', { schema: Uuid }) itemId: string,
    @Body({ schema: ContraindicateInput }) input: z.output<typeof ContraindicateInput>,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemAnswerView> {
    return answered(await this.steps.contraindicate({ itemId, ifMatch }, input), language, reply);
  }

  @Post('reopen')
  @HttpCode(200)
  @ApiOperation({ summary: 'Put an item back on the list of those to be booked' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ItemAnswer })
  async reopen(
    @Param('id', { schema: Uuid }) itemId: string,
    @Body({ schema: ReopenInput }) input: z.output<typeof ReopenInput>,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ItemAnswerView> {
    return answered(await this.steps.reopen({ itemId, ifMatch }, input?.note), language, reply);
  }
}
