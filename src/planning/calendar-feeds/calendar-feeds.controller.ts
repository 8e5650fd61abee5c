import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config.js';
import { Uuid } from '../../platform/http/paging.js';
import { text } from '../../platform/text.js';
import { type CalendarFeed, CalendarFeeds } from './calendar-feeds.service.js';

const NewFeed = z
  .strictObject({
    name: text(100).optional().describe('How calendar programs call it'),
    owner: z
      .union([z.literal('me'), Uuid])
      .optional()
      .describe(
        'Patients of whom this person owns a duty, handovers included. Default: me, unless another filter is given',
      ),
    department: text(100).optional().describe('Patients of this department'),
    place: text(100).optional().describe('Only what is booked at this place'),
    names: z
      .boolean()
      .default(false)
      .describe('Names and numbers of patients; false: initials and the last characters of the number'),
    language: z.enum(['zh', 'en']).optional().describe('Default: the language of the hospital'),
  })
  .meta({ id: 'NewCalendarFeed' });

const FeedView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    author: z.string().describe('Who created it; the feed shows what this person or key may see'),
    owner: z.uuid().nullable(),
    department: z.string().nullable(),
    place: z.string().nullable(),
    names: z.boolean(),
    language: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().describe('To the minute'),
  })
  .meta({ id: 'CalendarFeed' });

const CreatedFeed = FeedView.extend({
  token: z.string().describe('Shown once'),
  url: z.string().describe('Shown once: the address to which calendar programs subscribe'),
}).meta({ id: 'CreatedCalendarFeed' });

const FeedsView = z.object({ items: z.array(FeedView).max(500) }).meta({ id: 'CalendarFeeds' });

@ApiTags('calendar')
@ApiBearerAuth()
@Controller('calendar-feeds')
export class CalendarFeedsController {
  constructor(
    private readonly feeds: CalendarFeeds,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({
    summary: "The caller's calendar feeds and those of keys; for administrators all of the hospital",
  })
  @ApiResponse({ status: 200, standardSchema: FeedsView })
  async all(): Promise<z.input<typeof FeedsView>> {
    return { items: (await this.feeds.all()).map(feedView) };
  }

  @Post()
  @ApiOperation({ summary: 'Create a calendar feed for a person, a department or a place' })
  @ApiResponse({ status: 201, standardSchema: CreatedFeed })
  async create(
    @Body({ schema: NewFeed }) input: z.output<typeof NewFeed>,
    @Req() { protocol, host }: FastifyRequest,
  ): Promise<z.input<typeof CreatedFeed>> {
    const { feed, token } = await this.feeds.create(input);
    const base = (this.config.publicUrl ?? `${protocol}://${host}`).replace(/\/$/, '');
    return { ...feedView(feed), token, url: `${base}/api/v1/calendar/${token}.ics` };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a calendar feed; its address answers 404 from now on' })
  @ApiResponse({ status: 204 })
  async remove(@Param('id', { schema: Uuid }) id: string): Promise<void> {
    await this.feeds.remove(id);
  }
}

const feedView = ({ personId, createdAt, lastUsedAt, ...feed }: CalendarFeed): z.input<typeof FeedView> => ({
  ...feed,
  owner: personId,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
