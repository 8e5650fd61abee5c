import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { CalendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { AnswerLanguage } from '../platform/http/http.js';
import { IF_MATCH } from '../platform/http/if-match.js';
import { CalendarView, DayInput, WorkDay, YearFile, YearQuery } from './calendar-schemas.js';
import { type CalendarYear, viewOf } from './calendar-year.js';
import { WorkCalendarService } from './work-calendar.service.js';

@ApiTags('work calendar')
@ApiBearerAuth()
@Controller('work-calendar')
export class WorkCalendarController {
  constructor(private readonly calendar: WorkCalendarService) {}

  @Get()
  @ApiOperation({ summary: 'The working days of one year: public holidays, make-up workdays, own days' })
  @ApiResponse({ status: 200, standardSchema: CalendarView })
  async year(
    @Query({ schema: YearQuery }) { year }: z.output<typeof YearQuery>,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarView> {
    return answer(await this.calendar.year(year), language, reply);
  }

  @Put('days/:date')
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Enter a day on which the hospital is closed, or works additionally' })
  @ApiResponse({ status: 200, standardSchema: CalendarView })
  async enter(
    @Param('date', { schema: WorkDay }) date: CalendarDate,
    @Body({ schema: DayInput }) input: DayInput,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarView> {
    return answer(await this.calendar.enter(date, input, ifMatch), language, reply);
  }

  @Delete('days/:date')
  @ApiHeader(IF_MATCH)
  @ApiOperation({ summary: 'Remove a day that the hospital entered' })
  @ApiResponse({ status: 200, standardSchema: CalendarView })
  async remove(
    @Param('date', { schema: WorkDay }) date: CalendarDate,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarView> {
    return answer(await this.calendar.remove(date, ifMatch), language, reply);
  }

  @Post('imports')
  @ApiHeader(IF_MATCH)
  @ApiOperation({
    summary: 'Import the public holidays of one year, in the format of holiday-cn; all of it or nothing',
  })
  @ApiResponse({ status: 201, standardSchema: CalendarView })
  async import(
    @Body({ schema: YearFile }) file: YearFile,
    @Headers('if-match') ifMatch: string | undefined,
    @AnswerLanguage() language: Language,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CalendarView> {
    return answer(await this.calendar.import(file, ifMatch), language, reply);
  }
}

function answer(year: CalendarYear, language: Language, reply: FastifyReply): CalendarView {
  reply.header('etag', year.etag);
  return viewOf(year, language);
}
