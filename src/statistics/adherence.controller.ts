import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { calendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { invalid } from '../platform/domain-error.js';
import { AnswerLanguage } from '../platform/http/http.js';
import { nextCursor, type Page, pageOf } from '../platform/http/paging.js';
import { msg, render } from '../platform/messages/dictionary.js';
import {
  AdherenceQuery,
  AdherenceView,
  adherenceView,
  BehindQuery,
  BehindRow,
  isGrouped,
  NO_GROUP,
} from './adherence-schemas.js';
import { MonthsQuery, MonthsView, monthsView } from './adherence-months.js';
import { AdherenceService } from './adherence.service.js';
import { reasonText } from './reason-text.js';
import type { Dimension, Measure } from './measures.js';

@ApiTags('statistics')
@ApiBearerAuth()
@Controller('adherence')
export class AdherenceController {
  constructor(private readonly adherence: AdherenceService) {}

  @Get()
  @ApiOperation({
    summary:
      'What fell due in a period and was done: numerators and denominators by activity, rule, nurse, department or stage',
  })
  @ApiResponse({ status: 200, standardSchema: AdherenceView })
  async figures(
    @Query({ schema: AdherenceQuery }) { by, ...period }: z.output<typeof AdherenceQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof AdherenceView>> {
    const note = render(msg('published-figures'), language);
    return adherenceView(await this.adherence.figures(period, by), language, note);
  }

  @Get('months')
  @ApiOperation({ summary: 'The shares of GET /adherence, month by month' })
  @ApiResponse({ status: 200, standardSchema: MonthsView })
  async months(
    @Query({ schema: MonthsQuery }) { to, months, by }: z.output<typeof MonthsQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<z.input<typeof MonthsView>> {
    return monthsView(await this.adherence.months(calendarDate(`${to}-01`), months, by), language);
  }

  @Get('patients')
  @ApiOperation({ summary: 'The patients behind one count of GET /adherence, by day' })
  @ApiResponse({ status: 200, standardSchema: pageOf('AdherencePatients', BehindRow) })
  async behind(
    @Query({ schema: BehindQuery }) query: z.output<typeof BehindQuery>,
    @AnswerLanguage() language: Language,
  ): Promise<Page<z.input<typeof BehindRow>>> {
    const { cursor, group, limit, by, ...asked } = query;
    if (by !== undefined) refuseUngrouped(asked.measure, by);
    const rows = await this.adherence.behind({
      ...{ ...asked, by, limit, after: cursor },
      group: group === NO_GROUP ? null : group,
    });
    return {
      items: rows.slice(0, limit).map(({ patientId, mrn, day, ...row }) => ({
        ...{ ...row, patient: { id: patientId, mrn }, date: day },
        reasonText: row.reason && reasonText(row.reason, language),
      })),
      nextCursor: nextCursor(rows, limit, (last) => [last.day, last.id]),
    };
  }
}

/** Refuses (422) a measure that the dimension does not divide: an appointment belongs to no single activity, so no group by activity has any. */
function refuseUngrouped(measure: Measure, by: Dimension): void {
  if (isGrouped(measure, by)) return;
  const message = msg('measure-not-by', { measure, by });
  throw invalid('invalid-input', msg('invalid-input'), [
    { pointer: '/measure', code: 'not-allowed', message },
  ]);
}
