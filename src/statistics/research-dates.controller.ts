import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { nextCursor, type Page, pageBy, pageOf, Uuid } from '../platform/http/paging.js';
import type { SurvivalDates } from '../guideline/survival.js';
import { pseudonymous, ResearchDates, type ResearchRow } from './research-dates.service.js';

const Endpoint = z.object({
  from: z.iso.date(),
  status: z.enum(['event', 'censored']),
  date: z.iso.date().describe('Of the event, or of the last sign of life'),
  event: z.string().nullable(),
});

const ResearchView = z
  .object({
    patient: z.object({ id: z.uuid(), mrn: z.string() }),
    pseudonym: z.string().describe('The same in every answer about this patient'),
    sex: z.string(),
    birthDate: z.iso.date(),
    diagnosisDate: z.iso.date(),
    lastKnownAliveOn: z.iso.date(),
    diedOn: z.iso.date().nullable(),
    overall: Endpoint.describe('From diagnosis to death of any cause'),
    recurrenceFree: Endpoint.nullable().describe(
      'From the day free of disease to recurrence, a later metastasis or death; null: never free of disease',
    ),
  })
  .meta({ id: 'ResearchDates' });

const PseudonymousView = z
  .object({
    pseudonym: z.string(),
    sex: z.string(),
    ageAtDiagnosis: z.int().describe('89: 89 or older'),
    diagnosisYear: z.int(),
    lastKnownAliveDay: z.int().describe('Days since the diagnosis'),
    overall: z.object({ status: z.string(), days: z.int() }),
    recurrenceFree: z.object({ status: z.string(), event: z.string().nullable(), days: z.int() }).nullable(),
  })
  .meta({ id: 'PseudonymousResearchDates' });

const ListQuery = pageBy(z.tuple([Uuid]))
  .extend({
    pseudonymous: z
      .enum(['true', 'false'])
      .default('false')
      .describe('Without numbers and dates of the hospital: days since the diagnosis'),
  })
  .strict();

const Row = z.union([ResearchView, PseudonymousView]);

@ApiTags('statistics')
@ApiBearerAuth()
@Controller()
export class ResearchDatesController {
  constructor(private readonly research: ResearchDates) {}

  @Get('research-dates')
  @ApiOperation({
    summary: 'Last known alive, recurrence-free and overall survival of all patients whose data may be used',
  })
  @ApiResponse({ status: 200, standardSchema: pageOf('ResearchDatesPage', Row) })
  async list(
    @Query({ schema: ListQuery }) query: z.output<typeof ListQuery>,
  ): Promise<Page<z.input<typeof Row>>> {
    const { cursor, limit } = query;
    const rows = await this.research.page(limit, cursor?.[0]);
    return {
      items: rows
        .slice(0, limit)
        .map((row): z.input<typeof Row> =>
          query.pseudonymous === 'true' ? pseudonymous(row) : researchView(row),
        ),
      nextCursor: nextCursor(rows, limit, (last) => [last.patientId]),
    };
  }

  @Get('patients/:id/research-dates')
  @ApiOperation({ summary: 'Last known alive, recurrence-free and overall survival of one patient' })
  @ApiResponse({ status: 200, standardSchema: ResearchView })
  async of(@Param('id', { schema: Uuid }) id: string): Promise<z.input<typeof ResearchView>> {
    return researchView(await this.research.of(id));
  }
}

function researchView({ patientId, mrn, dates, ...row }: ResearchRow): z.input<typeof ResearchView> {
  const { lastKnownAliveOn, diedOn, overall, recurrenceFree }: SurvivalDates = dates;
  return {
    patient: { id: patientId, mrn },
    ...row,
    ...{ lastKnownAliveOn, diedOn },
    overall: { ...overall },
    recurrenceFree: recurrenceFree && { ...recurrenceFree },
  };
}
