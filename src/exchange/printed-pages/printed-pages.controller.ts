import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { Uuid } from '../../platform/http/paging.js';
import { languageHeaders } from '../../platform/messages/language.js';
import { PAGE_POLICY } from './page-layout.js';
import { type PageKind, PrintedPages } from './printed-pages.service.js';

const PageParameters = z.object({
  lang: z.enum(['zh', 'en']).optional().describe('The language of the page; default: Accept-Language'),
});
type PageParameters = z.output<typeof PageParameters>;

const PAGE = {
  ...{ status: 200, description: 'A page to print, without scripts' },
  content: { 'text/html': { schema: { type: 'string' } } },
} as const;

@ApiTags('patients')
@ApiBearerAuth()
@Controller('patients/:id')
export class PrintedPagesController {
  constructor(private readonly pages: PrintedPages) {}

  @Get('card')
  @ApiOperation({ summary: 'The follow-up card of a patient (A5)' })
  @ApiResponse(PAGE)
  async card(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: PageParameters }) parameters: PageParameters,
    @AnswerLanguage() language: Language,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.send(id, 'card', parameters.lang ?? language, reply);
  }

  @Get('letter')
  @ApiOperation({ summary: 'A letter to a patient with the next dates (A4)' })
  @ApiResponse(PAGE)
  async letter(
    @Param('id', { schema: Uuid }) id: string,
    @Query({ schema: PageParameters }) parameters: PageParameters,
    @AnswerLanguage() language: Language,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.send(id, 'letter', parameters.lang ?? language, reply);
  }

  private async send(id: string, kind: PageKind, language: Language, reply: FastifyReply): Promise<void> {
    const page = await this.pages.page(id, kind, language);
    await reply
      .headers({ ...languageHeaders(language), 'content-security-policy': PAGE_POLICY })
      .header('content-type', 'text/html; charset=utf-8')
      .send(page);
  }
}
