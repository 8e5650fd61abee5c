import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { CalendarDate } from '../guideline/calendar.js';
import type { Language } from '../guideline/guideline.js';
import { AnswerLanguage } from '../platform/http/http.js';
import { CalendarView, DayInput, WorkDay, YearFile, YearQuery } from './calendar-schemas.js';
import { type CalendarYear, WorkCalendarService } from './work-calendar.service.js';

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
  ): Promise<CalendarView> {
    return viewOf(await this.calendar.year(year), language);
  }

  @Put('days/:date')
  @ApiOperation({ summary: 'Enter a day on which the hospital is closed, or works additionally' })
  @ApiResponse({ status: 200, standardSchema: CalendarView })
  async enter(
    @Param('date', { schema: WorkDay }) date: CalendarDate,
    @Body({ schema: DayInput }) input: DayInput,
    @AnswerLanguage() language: Language,
  ): Promise<CalendarView> {
    return viewOf(await this.calendar.enter(date, input), language);
  }

  @Delete('days/:date')
  @ApiOperation({ summary: 'Remove a day that the hospital entered' })
  @ApiResponse({ status: 200, standardSchema: CalendarView })
  async remove(
    @Param('date', { schema: WorkDay }) date: CalendarDate,
    @AnswerLanguage() language: Language,
  ): Promise<CalendarView> {
    return viewOf(await this.calendar.remove(date), language);
  }

  @Post('imports')
  @ApiOperation({
    summary: 'Import the public holidays of one year, in the format of holiday-cn; all of it or nothing',
  })
  @ApiResponse({ status: 201, standardSchema: CalendarView })
  async import(
    @Body({ schema: YearFile }) file: YearFile,
    @AnswerLanguage() language: Language,
  ): Promise<CalendarView> {
    return viewOf(await this.calendar.import(file), language);
  }
}

const viewOf = ({ year, calendar, imported }: CalendarYear, language: Language): CalendarView => ({
  year,
  provisional: calendar.isProvisional(year),
  weekdays: [...calendar.workingWeekdays],
  days: calendar.specialDays().map(({ date, kind, name, source }) => ({
    ...{ date, kind, isWorkingDay: calendar.isWorkingDay(date), name: name[language], source },
  })),
  papers: [...(imported?.papers ?? [])],
  importedAt: imported?.at.toISOString() ?? null,
  importedBy: imported?.by ?? null,
});
