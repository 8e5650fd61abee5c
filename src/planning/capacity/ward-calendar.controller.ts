import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Language } from '../../guideline/guideline.js';
import { AnswerLanguage } from '../../platform/http/http.js';
import {
  type CalendarInput,
  CalendarQuery,
  type ForecastInput,
  ForecastQuery,
  ForecastView,
  LevelingQuery,
  LevelingView,
  WardCalendarView,
} from './ward-calendar-schemas.js';
import { WardCalendarService } from './ward-calendar.service.js';

@ApiTags('planning')
@ApiBearerAuth()
@Controller()
export class WardCalendarController {
  constructor(private readonly ward: WardCalendarService) {}

  @Get('calendar')
  @ApiOperation({ summary: 'Appointments and due items by day and week, against the daily capacity' })
  @ApiResponse({ status: 200, standardSchema: WardCalendarView })
  async calendar(
    @Query({ schema: CalendarQuery }) query: CalendarInput,
    @AnswerLanguage() language: Language,
  ): Promise<WardCalendarView> {
    const { sees, days, weeks } = await this.ward.calendar(query);
    return {
      sees,
      days: days.map(({ special, shares, ...day }) => ({
        ...day,
        special: special && { kind: special.kind, name: special.name[language] },
        shares: [...shares],
      })),
      weeks: [...weeks],
    };
  }

  @Get('forecast')
  @ApiOperation({
    summary: 'Demand of the coming weeks: everything on its earliest day, everything on its latest',
  })
  @ApiResponse({ status: 200, standardSchema: ForecastView })
  async forecast(@Query({ schema: ForecastQuery }) query: ForecastInput): Promise<ForecastView> {
    return { weeks: [...(await this.ward.forecast(query))] };
  }

  @Get('calendar/leveling')
  @ApiOperation({
    summary: 'Propose which patients to move, and to which day, so that no day of a week is overfull',
  })
  @ApiResponse({ status: 200, standardSchema: LevelingView })
  async leveling(
    @Query({ schema: LevelingQuery }) { week }: z.output<typeof LevelingQuery>,
  ): Promise<LevelingView> {
    const { from, moves, left, isPartial, patientOf } = await this.ward.leveling(week);
    return {
      ...{ from, isPartial },
      moves: moves.map(({ items, ...move }) => ({
        ...{ ...move, ...patientOf(move.patientId) },
        itemIds: items.map(({ id }) => id),
        activities: items.map(({ activity }) => activity),
      })),
      left: left.map(({ id, patientId, activity, day }) => ({
        ...{ itemId: id, patientId, activity, day, ...patientOf(patientId) },
      })),
    };
  }
}
