import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { originOf } from '../../accounts/signed-in-clients/own-addresses.js';
import type { Language } from '../../guideline/guideline.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { notFound } from '../../platform/domain-error.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { MOST_CARDS } from './cds-cards.js';
import { CdsHooks } from './cds-hooks.service.js';
import { CdsRequest } from './cds-request.js';

/** The one service; its address is below `/cds-services`. */
const SERVICE_ID = 'surveillance';

const CdsServices = z
  .object({
    services: z
      .array(
        z.object({
          hook: z.literal('patient-view'),
          id: z.string(),
          title: z.string(),
          description: z.string(),
          prefetch: z.object({ patient: z.string() }),
        }),
      )
      .max(1),
  })
  .meta({ id: 'CdsServices' });

const CdsCards = z
  .object({
    cards: z
      .array(
        z.object({
          uuid: z.uuid(),
          summary: z.string().max(139),
          indicator: z.enum(['info', 'warning']),
          detail: z.string().describe('GitHub Flavored Markdown'),
          source: z.object({ label: z.string() }),
          links: z.array(z.object({ label: z.string(), url: z.url(), type: z.literal('absolute') })).max(1),
        }),
      )
      .max(MOST_CARDS),
  })
  .meta({ id: 'CdsCards' });

/** CDS Hooks 2.0: what is due, in the chart of another system. */
@ApiTags('exchange')
@Controller('cds-services')
export class CdsHooksController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hooks: CdsHooks,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The services for CDS Hooks 2.0' })
  @ApiResponse({ status: 200, standardSchema: CdsServices })
  services(@AnswerLanguage() language: Language): z.output<typeof CdsServices> {
    return {
      services: [
        {
          ...{ hook: 'patient-view', id: SERVICE_ID },
          title: render(msg('cds-title'), language),
          description: render(msg('cds-description'), language),
          prefetch: { patient: 'Patient/{{context.patientId}}' },
        },
      ],
    };
  }

  @Post(':service')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'What is due for the patient whose chart is opened, and why',
    description:
      'Authorization: a JSON Web Token of a registered machine as CDS Hooks 2.0 says, whose tenant or iss is the id of the registration ' +
      'and whose aud is this address; or a key. The patient is found by an identifier of type MR in prefetch, or by our own id. No card ' +
      'means that the patient is not known here, or that nothing is due.',
  })
  @ApiResponse({ status: 200, standardSchema: CdsCards })
  async call(
    @Param('service', { schema: z.string().max(100) }) id: string,
    @Body({ schema: CdsRequest }) asked: CdsRequest,
    @Req() request: FastifyRequest,
    @AnswerLanguage() language: Language,
  ): Promise<{ cards: z.input<typeof CdsCards>['cards'] }> {
    if (id !== SERVICE_ID) throw notFound('cds-service', id);
    const origin = originOf(this.config, request);
    const cards = await this.hooks.cards(asked, (patientId) => `${origin}/patients/${patientId}`, language);
    return { cards: cards.map((card) => ({ ...card, links: [...card.links] })) };
  }
}
